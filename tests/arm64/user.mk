# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# The test suite, built for arm64 and run under user emulation: docs/arm64.md says
# what that shows. Included where ARM64 is set; scripts/arm64.mk has the rest.

RUN	:= env KTEST_EMULATOR=qemu-aarch64 QEMU_LD_PREFIX=/usr/aarch64-linux-gnu \
	QEMU_CPU=$(ARM64_CPU_$(ARM64)) qemu-aarch64
# Sanitizers do not run there; lockdep's tests are the same code on any CPU; what
# test_compare says of times is not true of an emulator.
USER_TESTS := $(KTESTS_plain) $(filter-out %/test_compare,$(LAB_TESTS:%=$(B)/tests/%))
USER_CHECKS := $(USER_TESTS:%='$(RUN) %') \
	'tests/arm64/test_atomics.py $(ARM64) $(B)/plain/own/resv' \
	'tests/arm64/test_user.py $(ARM64) $(B)'

.PHONY: check-arm64-user
check-arm64-user: $(USER_TESTS) $(B)/locklab $(B)/plain/own/resv/tests/atomics.o
	@tests/run -j 2 $(call option,only,$(TESTS)) $(B)/check $(USER_CHECKS)
