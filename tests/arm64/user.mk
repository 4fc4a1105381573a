# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# The test suite, built for arm64 and run under user emulation: docs/arm64.md says
# what that shows. Included where ARM64 is set; scripts/arm64.mk has the rest.

RUN	:= $(ARM64_RUN) $(ARM64_CPU_$(ARM64))
# Sanitizers do not run there; lockdep's tests are the same code on any CPU.
USER_TESTS := $(KTESTS_plain) $(LAB_TESTS:%=$(B)/tests/%)
USER_CHECKS := $(USER_TESTS:%='$(RUN) %') \
	'tests/arm64/test_atomics.py $(ARM64) $(B)/plain/own/resv' \
	'tests/arm64/test_user.py $(ARM64) $(B) $(RUN)'

.PHONY: check-arm64-user
check-arm64-user: $(USER_TESTS) $(B)/locklab
	@tests/run -j 2 $(call option,only,$(TESTS)) $(B)/check $(USER_CHECKS)
