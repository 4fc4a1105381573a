# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# make peers: locklab, twice linked, against nanobench and Google Benchmark. Of
# nanobench nothing is here: NANOBENCH names its header, or the folder of it.

PEER_LINKS	:= 1 2
PEER_HEADER	:= $(firstword $(wildcard $(if $(NANOBENCH),$(NANOBENCH)/nanobench.h $(filter %.h,$(NANOBENCH)))))
PEER_FILES	:= $(foreach n,$(PEER_LINKS),$(B)/peers/$n/locklab $(B)/peers/$n/nanobench)
PEER_OBJ	:= $(B)/peers/nanobench.o $(filter-out $(B)/lab/cmd/%,$(LAB_OBJ))

# Another path may be an older file.
$(B)/gen/nanobench: FORCE
	@mkdir -p $(@D)
	@scripts/build/keep $@ echo '$(PEER_HEADER)'
$(B)/peers/nanobench.o: tests/peers/nanobench.cc $(PEER_HEADER) $(B)/gen/nanobench $(B)/gen/labflags | deps
	$(call begin,CXX)
	$(Q)$(CXX) $(LABCXXFLAGS) $(LABCPPFLAGS) -isystem $(dir $(PEER_HEADER)) $(object)

# For make check, which has no nanobench.
PEER_COMPILES	:= $(B)/peers/fake/nanobench.o
check: $(PEER_COMPILES)
$(PEER_COMPILES): tests/peers/nanobench.cc tests/peers/fake/nanobench.h $(B)/gen/labflags | deps
	$(call begin,CXX)
	$(Q)$(CXX) $(LABCXXFLAGS) $(LABCPPFLAGS) -isystem tests/peers/fake $(object)

# $(call peer_link,order): what SHUFFLE=order links
define peer_link
$(B)/peers/$(1)/locklab: $(LAB_OBJ) $(COPIES) $(B)/gen/link $(B)/gen/shims
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$(Q)$(CXX) $(LABLDFLAGS) -o $$@ $$(call shuffled,$(1),$$(COPIES)) $$(LAB_OBJ) $(LABLIBS)
$(B)/peers/$(1)/nanobench: $(PEER_OBJ) $(COPIES) $(B)/gen/link
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$(Q)$(CXX) $(LABLDFLAGS) -o $$@ $$(call shuffled,$(1),$$(COPIES)) $$(PEER_OBJ) $(LABLIBS)
endef
$(foreach n,$(PEER_LINKS),$(eval $(call peer_link,$n)))

# Without the header nothing is built: the script says what to name.
.PHONY: peers
peers: $(if $(PEER_HEADER),$(PEER_FILES)) | deps
	@scripts/run/peers $(call option,nanobench,$(NANOBENCH)) $(call option,compare-py,$(COMPARE_PY)) \
		$(call option,processes,$(PROCESSES)) $(call option,seconds,$(SECONDS)) \
		$(call option,seed,$(SEED)) $(call option,out,$(OUT))
