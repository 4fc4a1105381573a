# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# The test suite, built for arm64 and run under user emulation: docs/arm64.md says
# what that shows. Included where ARM64 is set; scripts/setup/arm64.mk has the rest.

RUN	:= env KTEST_EMULATOR=qemu-aarch64 QEMU_LD_PREFIX=/usr/aarch64-linux-gnu \
	QEMU_CPU=$(ARM64_CPU_$(ARM64)) qemu-aarch64

# Two builds of the primitives that test_atomics.py has to catch: RMWs that order
# nothing, and libgcc's choice at run time.
WEAK	:= $(B)/weak/include/asm/rmw.h
$(WEAK): core/include/asm/rmw.h
	@mkdir -p $(@D)
	@sed -e 's/: (order))/: __ATOMIC_RELAXED)/' -e 's/^\t\t\tsmp_mb();/\t\t\tbreak;/' \
		-e 's/^#define __ordering(order)\t(order)/#define __ordering(order)\t__ATOMIC_RELAXED/' $< | scripts/build/keep $@
	@touch $@
# $(call not_so,name,cppflags,flags)
define not_so
$(call host,$(1),own,$(2) $(KCPPFLAGS),$(3))
$(call set,$(1),own,resv,$(2) $(KCPPFLAGS),,$(3))
$(B)/$(1)/own/resv/tests/atomics: $(call objects,$(1),own,resv,tests/atomics.c $(LOCK_SRC)) \
		$(B)/plain/host/host.o
	$$(call say,LINK,$$@)
	$(Q)$(CC) -no-pie -o $$@ $$^ -lpthread
NOT_SO += $(B)/$(1)/own/resv/tests/atomics
endef
$(eval $(call not_so,weak,-I$(B)/weak/include))
$(eval $(call not_so,outline,,-march=armv8-a -moutline-atomics))
$(call objects,weak,own,resv,tests/atomics.c $(LOCK_SRC)): $(WEAK)

# Sanitizers do not run there; what test_compare says of times is not true of an
# emulator. What lockdep asserts is the same in both flavours: tested in one. With
# KSRC, the kernel's own code as well.
USER_TESTS := $(KTESTS_plain) $(if $(filter llsc,$(ARM64)),$(KTESTS_lockdep)) $(KSRC_TESTS) \
	$(filter-out %/test_compare,$(LAB_TESTS:%=$(B)/tests/%))
USER_ATOMICS := $(ATOMICS) $(MM_ATOMICS) $(VM_BO_ATOMICS)
USER_CHECKS := $(USER_TESTS:%='$(RUN) %') \
	'tests/arm64/test_atomics.py $(ARM64) $(B) $(USER_ATOMICS)' \
	'tests/arm64/test_user.py $(ARM64) $(B)'

.PHONY: check-arm64-user
check-arm64-user: $(USER_TESTS) $(USER_ATOMICS) $(NOT_SO) $(B)/locklab
	@tests/run $(call option,only,$(TESTS)) $(B)/check $(USER_CHECKS)
