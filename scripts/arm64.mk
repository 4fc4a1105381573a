# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# ARM64=lse|llsc: the project is built for arm64, below build/arm64/. lse has an
# instruction for each atomic, llsc pairs of exclusives; neither libgcc's choice at
# run time. Included first, so that all that follows is for arm64.

ifeq ($(filter lse llsc,$(ARM64)),)
$(error ARM64=$(ARM64): say lse or llsc)
endif

ARM64_ROOT	:= build/arm64/root
B		:= build/arm64/$(ARM64)
CROSS_COMPILE	:= aarch64-linux-gnu-
ARCH_FLAGS_lse	:= -march=armv8.1-a
ARCH_FLAGS_llsc	:= -march=armv8-a -mno-outline-atomics
ARCH_FLAGS	:= $(ARCH_FLAGS_$(ARM64)) -isystem $(ARM64_ROOT)/usr/include
ARCH_LIBS	:= -L$(ARM64_ROOT)/usr/lib/aarch64-linux-gnu \
	-Wl,--disable-new-dtags,-rpath,$(abspath $(ARM64_ROOT)/usr/lib/aarch64-linux-gnu)
ARM64_PACKAGES	:= libbenchmark-dev libbenchmark1debian libjansson-dev libjansson4 \
	libgsl-dev libgsl27 libgslcblas0 libpfm4-dev libpfm4 libcmocka-dev libcmocka0

# What user emulation runs it on; the one without LSE has no such instruction.
ARM64_CPU_lse	:= neoverse-n1
ARM64_CPU_llsc	:= cortex-a53

$(ARM64_ROOT)/whole: scripts/arm64-packages scripts/arm64.mk
	@scripts/install-deps --arm64
	@scripts/arm64-packages build/arm64/packages $(ARM64_PACKAGES)
	@mkdir -p $(@D)/usr
	@cp -a $(ARM64_PACKAGES:%=build/arm64/packages/%/usr/.) $(@D)/usr/
	@touch $@
deps: $(ARM64_ROOT)/whole
