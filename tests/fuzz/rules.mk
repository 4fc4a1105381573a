# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# The fuzzer of drm_mm: our core's against a kernel tree's and, where programs
# are small, a model; in make check without a tree, ours against the model. See
# README.md.
#
#   make fuzz		FUZZ_OPS calls of seed SEED, with a kernel tree
#   make fuzz-libfuzzer	the same for FUZZ_SECONDS, guided by coverage
#   make coverage	lines of core/drm/drm_mm*.c that no test runs
#
# Included by tests/rules.mk after its macros. Gives FUZZ_CHECKS, FUZZ_FILES.

FUZZ_OPS	?= 10000000
FUZZ_SEED	?= $(or $(SEED),1)
FUZZ_SECONDS	?= 60
FB		:= $(B)/fuzz

fuzz_lib_of	= $(filter %/rbtree.c %/slab.c,$(call lib_of,$(1)))
FUZZ_OWN_SRC	:= tests/fuzz/mm_target.c $(wildcard core/drm/drm_mm*.c) $(call fuzz_lib_of,own)
FUZZ_KSRC_SRC	:= tests/fuzz/mm_target.c $(call fuzz_lib_of,ksrc) $(KB)/src/drm_mm.c
FUZZ_HOSTS	:= own $(if $(KSRC_VERSION),ksrc)

# What is common to the commands that compile for a host; files of these names
# give them to tests/test_fuzz, too.
FUZZ_NAME	= -DMM_TARGET_NAME='"$(1)"' -DVARIANT_HEADER='"variants/resv.h"' \
	-DVARIANT_NAME='"resv"'
FUZZ_OWN	= $(KCPPFLAGS) $(call FUZZ_NAME,own)
FUZZ_KSRC	= $(KSRC_CFLAGS) -Wno-missing-prototypes $(KSRC_INCLUDE) -Itests \
	$(call FUZZ_NAME,ksrc $(KSRC_VERSION))

# $(call fuzz,flavour,compiler,flags of kernel code,of own,of ksrc,of libc code)
define fuzz
$(FB)/$(1)/own/%.o: %.c $(B)/gen/flags | deps
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$(Q)$(2) $(3) $(4) $(FUZZ_OWN) -MMD -MP -c -o $$@ $$<
$(FB)/$(1)/ksrc/%.o: %.c $(B)/gen/flags | deps
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$(Q)$(2) $(3) $(5) $(FUZZ_KSRC) -MMD -MP -c -o $$@ $$<
$(FUZZ_KSRC_SRC:%.c=$(FB)/$(1)/ksrc/%.o): $(KB)/stamp
$(FB)/$(1)/own.o: $(FUZZ_OWN_SRC:%.c=$(FB)/$(1)/own/%.o)
$(FB)/$(1)/ksrc.o: $(FUZZ_KSRC_SRC:%.c=$(FB)/$(1)/ksrc/%.o)
$(FB)/$(1)/own.o $(FB)/$(1)/ksrc.o: $(FB)/$(1)/%.o: scripts/rename-symbols
	$(Q)ld -r -o $(FB)/$(1)/$$*-plain.o $$(filter %.o,$$^)
	$(Q)scripts/rename-symbols $$*__ $(FB)/$(1)/$$*-plain.o $$@
$(FB)/$(1)/libc/%.o: tests/fuzz/%.c $(B)/gen/flags | deps
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$(Q)$(2) $(LABCFLAGS) $(6) $(LABCPPFLAGS) -MMD -MP -c -o $$@ $$<
$(FB)/$(1)/libc/host.o: core/host/host.c | deps
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$(Q)$(2) $(LABCFLAGS) $(6) $(LABCPPFLAGS) -MMD -MP -c -o $$@ $$<
endef

# $(call fuzz_program,flavour,program,linker)
define fuzz_program
$(FB)/$(1)/$(2): $(patsubst %,$(FB)/$(1)/libc/%.o,$(2) mm_run mm_program mm_model host) \
		$(FUZZ_HOSTS:%=$(FB)/$(1)/%.o) $(FB)/hosts
	$$(call say,LINK,$$@)
	$(Q)$(3) -no-pie -Wl,--wrap=host_printk -o $$@ $$(filter %.o,$$^) -lpthread
endef

# Whether there is a tree decides what is linked, and makes nothing older.
$(FB)/hosts: FORCE | deps
	@mkdir -p $(@D)
	@echo '$(FUZZ_HOSTS) $(KSRC_VERSION)' > $@.new
	@scripts/keep $@.new $@

$(eval $(call fuzz,plain,$(CC),$(KCFLAGS)))
$(eval $(call fuzz_program,plain,mm_fuzz,$(CC)))

# Asserts are real here, the tree's too: in a copy of its header, for the rest
# of its debug build wants a stack depot. Programs must never make them fail.
FUZZ_DEBUG	:= -DCONFIG_DRM_DEBUG_MM=1
FUZZ_ASSERT	:= -I$(FB)/assert
$(FB)/assert/drm/drm_mm.h: $(KB)/stamp
	@mkdir -p $(@D)
	@sed 's/^#define DRM_MM_BUG_ON(expr) BUILD_BUG.*/#define DRM_MM_BUG_ON(expr) BUG_ON(expr)/' \
		$(KB)/include/drm/drm_mm.h > $@
	@! grep -q 'DRM_MM_BUG_ON(expr) BUILD_BUG' $@ && grep -q 'DRM_MM_BUG_ON(expr) BUG_ON' $@ || \
		{ echo "locklab: $(KB)/include/drm/drm_mm.h: DRM_MM_BUG_ON is not as known: mend $(FB)/assert in tests/fuzz/rules.mk" >&2; exit 1; }
$(foreach f,asan libfuzzer,$(FUZZ_KSRC_SRC:%.c=$(FB)/$f/ksrc/%.o)): $(FB)/assert/drm/drm_mm.h

$(eval $(call fuzz,asan,$(CC),$(KCFLAGS) $(FLAGS_asan),$(FUZZ_DEBUG),$(FUZZ_ASSERT),$(FLAGS_asan)))
$(eval $(call fuzz_program,asan,mm_fuzz,$(CC) $(FLAGS_asan)))

# --- guided by coverage: build/fuzz/libfuzzer/mm_libfuzzer NEW tests/fuzz/corpus
CLANG		?= clang
FUZZ_CLANG	:= $(filter-out -fno-ipa-icf,$(KCFLAGS)) -Wno-error -O1
FUZZ_GUIDED	:= -fsanitize=fuzzer-no-link,address
$(eval $(call fuzz,libfuzzer,$(CLANG),$(FUZZ_CLANG) $(FUZZ_GUIDED),$(FUZZ_DEBUG),$(FUZZ_ASSERT),\
	-fsanitize=address))
$(eval $(call fuzz_program,libfuzzer,mm_libfuzzer,$(CLANG) -fsanitize=fuzzer$(comma)address))

# --- lines of drm_mm that are run, asserts and all ------------------------------
FUZZ_COVERAGE	:= --coverage -O0
$(eval $(call fuzz,coverage,$(CC),$(KCFLAGS) $(FUZZ_COVERAGE),$(FUZZ_DEBUG)))
$(eval $(call fuzz_program,coverage,mm_fuzz,$(CC) --coverage))
MM_TESTS	:= $(basename $(notdir $(wildcard tests/test_drm_mm*.c)))
$(MM_TESTS:%=$(FB)/coverage/%): $(FB)/coverage/%: $(FB)/coverage/own/tests/%.o \
		$(patsubst %.c,$(FB)/coverage/own/%.o,$(LOCK_SRC) $(wildcard core/drm/drm_mm*.c)) \
		$(B)/plain/host/ktest.o $(B)/plain/host/thread.o $(B)/plain/host/host.o
	$(call say,LINK,$@)
	$(Q)$(CC) -no-pie --coverage -o $@ $^ -lcmocka -lpthread

# --- what people call ---------------------------------------------------------
# libFuzzer takes what is no number for a default.
fuzz_numbers = for v in $(foreach v,$(1),$(call quote,$v=$($v))); do \
	[[ $$v =~ =[1-9][0-9]{0,8}$$ ]] || \
		{ echo "locklab: $$v: name a number from 1 to 999999999" >&2; exit 2; }; done

.PHONY: fuzz fuzz-libfuzzer coverage
fuzz: $(FB)/plain/mm_fuzz
	@$< --ops=$(call quote,$(FUZZ_OPS)) --seed=$(call quote,$(FUZZ_SEED)) --out $(FB)
fuzz-libfuzzer: $(FB)/libfuzzer/mm_libfuzzer
	@$(call fuzz_numbers,FUZZ_SECONDS FUZZ_SEED)
	@mkdir -p $(FB)/found
	$< -max_total_time=$(FUZZ_SECONDS) -seed=$(FUZZ_SEED) -artifact_prefix=$(FB)/ \
		$(FB)/found tests/fuzz/corpus
coverage: $(FB)/coverage/mm_fuzz $(MM_TESTS:%=$(FB)/coverage/%)
	@tests/coverage $(FB)/coverage/own drm_mm '$< --ops 500000 --out $(FB)' \
		$(MM_TESTS:%=$(FB)/coverage/%)

# --- what make check runs -------------------------------------------------------
# What test_fuzz needs to build a copy with a mistake in it.
$(FB)/plain/commands: $(FB)/plain/mm_fuzz $(FB)/hosts
	@printf '%s\n' $(call quote,own $(CC) $(KCFLAGS) $(FUZZ_OWN)) \
		$(call quote,own-rest $(patsubst %.c,$(FB)/plain/own/%.o,$(filter-out core/drm/%,$(FUZZ_OWN_SRC)))) \
		$(if $(KSRC_VERSION),$(call quote,ksrc $(CC) $(KCFLAGS) $(FUZZ_KSRC)) \
		$(call quote,ksrc-rest $(patsubst %.c,$(FB)/plain/ksrc/%.o,$(filter-out %/drm_mm.c,$(FUZZ_KSRC_SRC))))) \
		$(call quote,link $(CC) -no-pie -Wl$(comma)--wrap=host_printk) > $@

FUZZ_FILES	:= $(FB)/plain/mm_fuzz $(FB)/asan/mm_fuzz $(FB)/plain/commands
FUZZ_CHECKS	:= '$(FB)/plain/mm_fuzz --seconds 30 --ops 1000000000 --out $(FB)' \
	'$(FB)/asan/mm_fuzz --seconds 5 --ops 2000000 --out $(FB)' \
	'$(FB)/asan/mm_fuzz tests/fuzz/corpus' 'tests/test_fuzz $(FB)/plain'
