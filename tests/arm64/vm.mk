# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# Tests in an emulated arm64 machine that has a PMU: what is built for it, from
# what it boots, and which are run. docs/arm64-pmu.md says what they show.

VM	:= $(B)/arm64/vm
VM_CC	:= aarch64-linux-gnu-gcc
VM_LIBRARIES := libpfm4-dev libgsl-dev
VM_CPPFLAGS := $(VM_LIBRARIES:%=-I$(VM)/packages/%/usr/include)
VM_LIBS	:= $(VM_LIBRARIES:%=-L$(VM)/packages/%/usr/lib/aarch64-linux-gnu) \
	-lpfm -lgsl -lgslcblas -lm -lpthread

$(VM)/fetched: scripts/setup/arm64-packages tests/arm64/vm.mk | deps
	@scripts/setup/arm64-packages $(VM)/packages linux-image-cloud-arm64 valgrind $(VM_LIBRARIES)
	@touch $@

# $(call vm_objects,flavour)
define vm_objects
$(VM)/$(1)/core/host/%.o: core/host/%.c $(VM)/fetched
	$$(call begin,CC)
	$(Q)$(VM_CC) $(ARCH_FLAGS_$(1)) $(LABCFLAGS) $(LABCPPFLAGS) -DHOST_STATIC $$(object)
$(VM)/$(1)/lab/%.o: lab/%.c $(VM)/fetched
	$$(call begin,CC)
	$(Q)$(VM_CC) $(ARCH_FLAGS_$(1)) $(LABCFLAGS) $(LABCPPFLAGS) $(VM_CPPFLAGS) $$(object)
$(VM)/$(1)/tests/arm64/%.o: tests/arm64/%.c $(VM)/fetched
	$$(call begin,CC)
	$(Q)$(VM_CC) $(ARCH_FLAGS_$(1)) $(LABCFLAGS) $(LABCPPFLAGS) -Itests/arm64 $$(object)
$(VM)/$(1)/%.o: %.c $(VM)/fetched
	$$(call begin,CC)
	$(Q)$(VM_CC) $(ARCH_FLAGS_$(1)) $(KCFLAGS) -DVARIANT_HEADER='"variants/resv.h"' -DVARIANT_NAME='"resv"' \
		$(KCPPFLAGS) $$(object)
endef
$(foreach f,lse llsc,$(eval $(call vm_objects,$f)))

# $(call vm_link,program,flavour,sources)
define vm_link
VM_FILES += $(VM)/$(1)
$(VM)/$(1): $(patsubst %.c,$(VM)/$(2)/%.o,$(3))
	$$(call say,LINK,$$@)
	$(Q)$(VM_CC) -static -no-pie -o $$@ $$^ $(VM_LIBS)
endef
VM_COUNTERS := $(addprefix lab/,pmu/events.c pmu/group.c pmu/pfm.c pmu/rdpmc.c pmu/truth.c base/cpus.c base/topology.c)
VM_TEST := tests/arm64/vmtest.c $(VM_COUNTERS)
VM_ENGINE := $(addprefix lab/,base/stop.c timing/engine.c timing/together.c timing/window.c pace/pace.c pace/step.c image/tls.c timing/counting.c timing/workers.c base/barrier.c base/delay.c stats/stats.c)
VM_PAIRS := tests/arm64/pairs.c core/host/host.c bench/controls.c $(LOCK_SRC) $(VM_COUNTERS)
$(eval $(call vm_link,init,llsc,tests/arm64/init.c))
$(eval $(call vm_link,vm_ends,llsc,tests/arm64/vm_ends.c))
$(eval $(call vm_link,test_counters_pmu,llsc,tests/arm64/test_counters_pmu.c $(VM_TEST)))
$(eval $(call vm_link,test_counters_words,llsc,tests/arm64/test_counters_words.c $(VM_TEST)))
$(eval $(call vm_link,test_counters_epoch,llsc,tests/arm64/test_counters_epoch.c $(VM_TEST) $(VM_ENGINE)))
$(eval $(call vm_link,pairs_lse,lse,$(VM_PAIRS)))
$(eval $(call vm_link,pairs_llsc,llsc,$(VM_PAIRS)))

# The last CPU is one that libpfm4 does not know.
RUN_IN_VM := tests/arm64/run-in-vm --dir $(VM)
VM_CHECKS := '$(RUN_IN_VM) $(VM)/test_counters_pmu pmu ";" $(VM)/test_counters_epoch pmu ";" $(VM)/test_counters_words pmu' \
	'$(RUN_IN_VM) --cpu neoverse-n1,pmu=off $(VM)/test_counters_words no-pmu' \
	'$(RUN_IN_VM) --cpu cortex-a72 $(VM)/test_counters_pmu unknown-cpu' \
	'tests/arm64/test_pairs.py $(VM)' 'tests/arm64/test_run_in_vm.py $(VM)' tests/arm64/test_packages.py

.PHONY: check-arm64 check-arm64-pmu
check-arm64: check-arm64-pmu
	$(Q)$(MAKE) ARM64=llsc check-arm64-user
	$(Q)$(MAKE) ARM64=lse check-arm64-user
check-arm64-pmu: $(VM_FILES)
	@tests/run -j 2 $(call option,only,$(TESTS)) $(B)/check $(VM_CHECKS)
