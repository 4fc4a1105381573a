# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# ARM64=lse|llsc: the project is built for arm64. Included first, so that all that
# follows is for arm64.

ifeq ($(filter lse llsc,$(ARM64)),)
$(error ARM64=$(ARM64): say lse or llsc)
endif
ARCH_FLAGS	:= $(ARCH_FLAGS_$(ARM64))

# Elsewhere than on arm64: by a cross compiler, below build/arm64/.
ifneq ($(MACHINE),aarch64)
ARM64_RUNS	:= $(filter bench ladder break-even prices contended growth perf-stat \
	perf-record check coverage counts golden atomics kunit fuzz fuzz-libfuzzer,$(MAKECMDGOALS))
ifneq ($(ARM64_RUNS),)
$(error ARM64=$(ARM64) $(ARM64_RUNS): runs what is built, which this machine cannot; check-arm64-user has an emulator)
endif
ARM64_ROOT	:= build/arm64/root
B		:= build/arm64/$(ARM64)
CROSS_COMPILE	:= aarch64-linux-gnu-
ARCH_FLAGS	+= -isystem $(ARM64_ROOT)/usr/include
ARCH_LIBS	:= -L$(ARM64_ROOT)/usr/lib/aarch64-linux-gnu \
	-Wl,--disable-new-dtags,-rpath,$(abspath $(ARM64_ROOT)/usr/lib/aarch64-linux-gnu)
ARM64_PACKAGES	:= libbenchmark-dev libjansson-dev libelf-dev zlib1g-dev libgsl-dev libpfm4-dev libcmocka-dev

# What user emulation runs it on; the one without LSE has no such instruction.
ARM64_CPU_lse	:= neoverse-n1
ARM64_CPU_llsc	:= cortex-a53

$(ARM64_ROOT)/whole: scripts/setup/arm64-packages scripts/setup/arm64.mk
	@scripts/setup/install-deps --arm64
	@scripts/setup/arm64-packages build/arm64/packages $(ARM64_PACKAGES)
	@mkdir -p $(@D)/usr
	@cp -a $(ARM64_PACKAGES:%=build/arm64/packages/%/usr/.) $(@D)/usr/
	@for p in $(ARM64_PACKAGES:%=build/arm64/packages/%/lib); do \
		[ ! -d $$p ] || cp -a $$p $(@D)/usr/; done
	@touch $@
deps: $(ARM64_ROOT)/whole
endif
