# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# The fuzzers of drm_mm and of GPUVM with drm_exec: our core's against a kernel
# tree's and a model; in make check without a tree, ours against the model. See
# README.md.
#
#   make fuzz		FUZZ_OPS calls of seed SEED, with a kernel tree; FUZZ=mm
#			or gpuvm is for one of them
#   make fuzz-libfuzzer	the same for FUZZ_SECONDS, guided by coverage
#   make coverage	lines of core/drm that no test runs
#
# Included by tests/rules.mk after its macros. Gives FUZZ_CHECKS, FUZZ_FILES.

FUZZ_OPS_mm	:= 10000000
FUZZ_OPS_gpuvm	:= 5000000
FUZZ_SEED	?= $(or $(SEED),1)
FUZZ_SECONDS	?= 60
FUZZERS		:= mm gpuvm
FB		:= $(B)/fuzz

# What of each host is linked for which fuzzer: its hand on the host, the code
# under test, and what that stands on.
# Where drm_gpuvm_bo_put() tells nothing, gpuvm has the model alone.
FUZZ_HOSTS_mm	:= own $(if $(KSRC_VERSION),ksrc)
FUZZ_HOSTS_gpuvm := own $(if $(call ksrc_has,DRM_GPUVM_BO_PUT_BOOL),ksrc)
fuzz_lib_of	= $(filter %/rbtree.c $(wildcard core/lib/slab*.c) core/lib/kmalloc.c,$(call lib_of,$(1)))
MM_HAND		:= tests/fuzz/mm_target.c tests/fuzz/fuzz_alloc.c
FUZZ_SRC_mm_own	:= $(MM_HAND) $(MM_SRC) $(call fuzz_lib_of,own)
FUZZ_SRC_mm_ksrc := $(MM_HAND) $(call fuzz_lib_of,ksrc) $(KB)/src/drm_mm.c
GPUVM_HAND	:= $(patsubst %,tests/fuzz/gpuvm_%.c,target side steps locks) tests/fuzz/fuzz_alloc.c
FUZZ_SRC_gpuvm_own := $(GPUVM_HAND) $(filter-out $(MM_SRC),$(DRM_SRC)) $(LOCK_SRC)
FUZZ_SRC_gpuvm_ksrc := $(GPUVM_HAND) $(call ksrc_drm_of,resv) $(KSRC_LOCK_SRC)
FUZZ_KSRC_SRC	:= $(sort $(FUZZ_SRC_mm_ksrc) $(FUZZ_SRC_gpuvm_ksrc))

# The driver's side of each.
FUZZ_LIBC_mm	:= fuzz_host mm_subject mm_run mm_program mm_model host
FUZZ_LIBC_gpuvm	:= fuzz_host gpuvm_run gpuvm_words gpuvm_program gpuvm_model host
FUZZ_WRAP	:= -Wl,--wrap=host_printk
# One host's part, before its symbols get their tag.
FUZZ_PART	:= ld -r --wrap=__kmalloc --wrap=kfree

# What is common to the commands that compile for a host; files of these names
# give them to tests/test_fuzz, too. The tree's own files get no adapters.
FUZZ_NAME	= -DFUZZ_TARGET_NAME='"$(1)"' -DVARIANT_HEADER='"variants/resv.h"' \
	-DVARIANT_NAME='"resv"'
FUZZ_OWN	= $(KCPPFLAGS) $(call FUZZ_NAME,own)
FUZZ_TREE	= $(KSRC_CFLAGS) -Wno-missing-prototypes $(KSRC_INCLUDE) -Itests \
	$(call FUZZ_NAME,ksrc $(KSRC_VERSION))
FUZZ_KSRC	= $(KSRC_CFLAGS) -Wno-missing-prototypes $(KSRC_CPPFLAGS) -Itests \
	$(call FUZZ_NAME,ksrc $(KSRC_VERSION))

# $(call fuzz,flavour,compiler,flags of kernel code,of own,of ksrc,of libc code)
define fuzz
$(FB)/$(1)/own/%.o: %.c $(B)/gen/flags | deps
	$$(call begin,CC)
	$(Q)$(2) $(3) $(4) $(FUZZ_OWN) $$(object)
$(FB)/$(1)/ksrc/%.o: %.c $(B)/gen/flags | deps
	$$(call begin,CC)
	$(Q)$(2) $(3) $(5) $(FUZZ_KSRC) $$(object)
$(FB)/$(1)/ksrc/$(KB)/%.o: $(KB)/%.c $(B)/gen/flags | deps
	$$(call begin,CC)
	$(Q)$(2) $(3) $(5) $(FUZZ_TREE) $$(object)
$(FUZZ_KSRC_SRC:%.c=$(FB)/$(1)/ksrc/%.o): $(KB)/stamp
$(FB)/$(1)/libc/%.o: tests/fuzz/%.c $(B)/gen/flags $(B)/gen/labflags | deps
	$$(call begin,CC)
	$(Q)$(2) $(LABCFLAGS) $(6) $(LABCPPFLAGS) $$(object)
$(FB)/$(1)/libc/host.o: core/host/host.c $(B)/gen/labflags | deps
	$$(call begin,CC)
	$(Q)$(2) $(LABCFLAGS) $(6) $(LABCPPFLAGS) $$(object)
$(foreach s,$(FUZZERS),$(foreach h,own ksrc,$(call fuzz_host,$(1),$s,$h)))
endef

# $(call fuzz_objects,flavour,host,sources): in the plain build all but the hands are
# those of the sets.
fuzz_objects = $(if $(filter plain,$(1)),$(patsubst %.c,$(FB)/plain/$(2)/%.o,$(filter tests/%,$(3))) \
	$(call objects,plain,$(2),resv,$(filter-out tests/%,$(3))),$(3:%.c=$(FB)/$(1)/$(2)/%.o))

# $(call fuzz_host,flavour,fuzzer,host): a host's part, under names of its own
define fuzz_host
$(FB)/$(1)/$(2)_$(3)-plain.o: $(call fuzz_objects,$(1),$(3),$(FUZZ_SRC_$(2)_$(3)))
	$(Q)$(FUZZ_PART) -o $$@ $$(filter %.o,$$^)
$(FB)/$(1)/$(2)_$(3).o: $(FB)/$(1)/$(2)_$(3)-plain.o scripts/build/rename-symbols
	$(Q)scripts/build/rename-symbols $(3)__ $$< $$@

endef

# $(call fuzz_program,flavour,fuzzer,driver,linker). Two hosts that are one would
# never differ.
define fuzz_program
$(FB)/$(1)/$(2)_$(3): $(patsubst %,$(FB)/$(1)/libc/%.o,$(3) $(FUZZ_LIBC_$(2))) \
		$(FUZZ_HOSTS_$(2):%=$(FB)/$(1)/$(2)_%.o) $(FB)/hosts tests/fuzz/distinct
	$(if $(filter ksrc,$(FUZZ_HOSTS_$(2))),$(Q)tests/fuzz/distinct $(FUZZ_HOSTS_$(2):%=$(FB)/$(1)/$(2)_%-plain.o))
	$$(call say,LINK,$$@)
	$(Q)$(4) -no-pie $(FUZZ_WRAP) -o $$@ $$(filter %.o,$$^) -lpthread
endef
fuzz_programs = $(foreach s,$(FUZZERS),$(eval $(call fuzz_program,$(1),$s,$(2),$(3))))

# Whether there is a tree decides what is linked, and makes nothing older.
$(FB)/hosts: FORCE | deps
	@mkdir -p $(@D)
	@scripts/build/keep $@ echo '$(FUZZ_HOSTS_mm) $(FUZZ_HOSTS_gpuvm) $(KSRC_VERSION)'

$(eval $(call fuzz,plain,$(CC),$(KCFLAGS)))
$(call fuzz_programs,plain,fuzz,$(CC))

# Asserts are real here, the tree's too: those of drm_mm in a copy of its header,
# for the rest of its debug build wants a stack depot; those of locks are the
# lockdep build's. Programs must never make them fail.
FUZZ_DEBUG	:= -DCONFIG_LOCKDEP=1 -DCONFIG_DRM_DEBUG_MM=1
FUZZ_ASSERT	:= -DCONFIG_LOCKDEP=1 -I$(FB)/assert
$(FB)/assert/drm/drm_mm.h: $(KB)/stamp
	@mkdir -p $(@D)
	@sed 's/^#define DRM_MM_BUG_ON(expr) BUILD_BUG.*/#define DRM_MM_BUG_ON(expr) BUG_ON(expr)/' \
		$(KB)/include/drm/drm_mm.h > $@
	@! grep -q 'DRM_MM_BUG_ON(expr) BUILD_BUG' $@ && grep -q 'DRM_MM_BUG_ON(expr) BUG_ON' $@ || \
		{ echo "locklab: $(KB)/include/drm/drm_mm.h: DRM_MM_BUG_ON is not as known: mend $(FB)/assert in tests/fuzz/rules.mk" >&2; exit 1; }
$(foreach f,asan libfuzzer,$(FUZZ_KSRC_SRC:%.c=$(FB)/$f/ksrc/%.o)): $(FB)/assert/drm/drm_mm.h

$(eval $(call fuzz,asan,$(CC),$(KCFLAGS) $(FLAGS_asan),$(FUZZ_DEBUG),$(FUZZ_ASSERT),$(FLAGS_asan)))
$(call fuzz_programs,asan,fuzz,$(CC) $(FLAGS_asan))

# --- guided by coverage: build/fuzz/libfuzzer/mm_libfuzzer NEW tests/fuzz/corpus/mm
CLANG		?= clang
FUZZ_CLANG	:= $(filter-out -fno-ipa-icf,$(KCFLAGS)) -Wno-error -O1
FUZZ_GUIDED	:= -fsanitize=fuzzer-no-link,address
$(eval $(call fuzz,libfuzzer,$(CLANG),$(FUZZ_CLANG) $(FUZZ_GUIDED),$(FUZZ_DEBUG),$(FUZZ_ASSERT),\
	-fsanitize=address))
$(call fuzz_programs,libfuzzer,libfuzzer,$(CLANG) -fsanitize=fuzzer$(comma)address)

# --- lines of the code under test that are run, asserts and all -------------------
FUZZ_COVERAGE	:= --coverage -O0
$(eval $(call fuzz,coverage,$(CC),$(KCFLAGS) $(FUZZ_COVERAGE),$(FUZZ_DEBUG),-DCONFIG_LOCKDEP=1))
$(call fuzz_programs,coverage,fuzz,$(CC) --coverage)
COVERAGE_TESTS_mm := $(patsubst tests/%.c,$(FB)/coverage/%,$(sort $(wildcard tests/test_drm_mm*.c)))
$(COVERAGE_TESTS_mm): $(FB)/coverage/%: $(FB)/coverage/own/tests/%.o \
		$(patsubst %.c,$(FB)/coverage/own/%.o,$(LOCK_SRC) $(MM_SRC)) \
		$(B)/plain/host/ktest.o $(B)/plain/host/thread.o $(B)/plain/host/host.o
	$(call say,LINK,$@)
	$(Q)$(CC) -no-pie --coverage -o $@ $^ -lcmocka -lpthread
# The tests of gpuvm in both of its modes.
FLAGS_coverage	:= $(FUZZ_COVERAGE) $(FLAGS_lockdep)
$(eval $(call own,coverage,$(KCPPFLAGS),$(FLAGS_coverage)))
$(foreach v,resv immediate,$(eval $(call set,coverage,own,$v,$(KCPPFLAGS),$(call drm_of,$v),$(FLAGS_coverage))))
$(eval $(call ktest_host,coverage))
$(call ktests,coverage,immediate,$(GPUVM_TESTS))
$(call ktests,coverage,resv,$(filter-out test_gpuvm_defer,$(GPUVM_TESTS)))
COVERAGE_TESTS_gpuvm := $(KTESTS_coverage)

# --- what people call ---------------------------------------------------------
# libFuzzer takes what is no number for a default.
fuzz_numbers = for v in $(foreach v,$(1),$(call quote,$v=$($v))); do \
	[[ $$v =~ =[1-9][0-9]{0,8}$$ ]] || \
		{ echo "locklab: $$v: name a number from 1 to 999999999" >&2; exit 2; }; done

# FUZZ names one of the fuzzers.
FUZZ_UNKNOWN	= $(filter-out $(FUZZERS),$(FUZZ))
FUZZ_CHOSEN	= $(if $(FUZZ_UNKNOWN),,$(or $(FUZZ),$(FUZZERS)))
fuzz_choice = $(if $(FUZZ_UNKNOWN),echo "locklab: FUZZ="$(call quote,$(FUZZ))": name one of: $(FUZZERS)" >&2; exit 2,:)

.PHONY: fuzz fuzz-libfuzzer coverage
fuzz: $(FUZZ_CHOSEN:%=$(FB)/plain/%_fuzz)
	@$(fuzz_choice)
	@set -e; $(foreach s,$(FUZZ_CHOSEN),$(FB)/plain/$(s)_fuzz --ops=$(call quote,$(or $(FUZZ_OPS),$(FUZZ_OPS_$s))) \
		--seed=$(call quote,$(FUZZ_SEED)) --out $(FB);)
fuzz-libfuzzer: $(FUZZ_CHOSEN:%=$(FB)/libfuzzer/%_libfuzzer)
	@$(fuzz_choice)
	@$(call fuzz_numbers,FUZZ_SECONDS FUZZ_SEED)
	@mkdir -p $(FUZZ_CHOSEN:%=$(FB)/found/%)
	set -e; $(foreach s,$(FUZZ_CHOSEN),$(FB)/libfuzzer/$(s)_libfuzzer -max_total_time=$(FUZZ_SECONDS) -seed=$(FUZZ_SEED) \
		-artifact_prefix=$(FB)/ $(FB)/found/$s tests/fuzz/corpus/$s;)

# Each by itself: what one runs of the other's does not count.
COVERED_mm	:= drm_mm
COVERED_gpuvm	:= drm_gpuvm drm_exec gpuvm_lists gpuvm_sm
COVERAGE_OF_mm	:= tests/coverage $(FB)/coverage/own
COVERAGE_OF_gpuvm := tests/coverage --min 90 $(FB)/coverage/own:$(B)/coverage
coverage: $(FUZZERS:%=$(FB)/coverage/%_fuzz) $(foreach s,$(FUZZERS),$(COVERAGE_TESTS_$s))
	@set -e; $(foreach s,$(FUZZERS),$(COVERAGE_OF_$s) $(call quote,$(COVERED_$s)) \
		'$(FB)/coverage/$(s)_fuzz --ops 500000 --out $(FB)' $(COVERAGE_TESTS_$s);)

# --- what make check runs -------------------------------------------------------
# What test_fuzz needs to build a copy with a mistake in it: by host the compiler's
# command, by fuzzer and host what is linked besides, and the linker's command.
fuzz_rest = $(call quote,$(1)-$(2) $(call fuzz_objects,plain,$(2),$(filter-out $(3),$(FUZZ_SRC_$(1)_$(2)))))
$(FB)/plain/commands: $(FUZZERS:%=$(FB)/plain/%_fuzz) $(FB)/hosts
	@printf '%s\n' $(call quote,own $(CC) $(KCFLAGS) $(FUZZ_OWN)) \
		$(foreach s,$(FUZZERS),$(call quote,$s-libc fuzz $(FUZZ_LIBC_$s))) \
		$(call fuzz_rest,mm,own,core/drm/%) \
		$(call fuzz_rest,gpuvm,own,core/drm/drm_gpuvm%.c core/drm/drm_exec.c) \
		$(if $(KSRC_VERSION),$(call quote,ksrc $(CC) $(KCFLAGS) $(FUZZ_TREE)) \
		$(call fuzz_rest,mm,ksrc,%/drm_mm.c)) \
		$(if $(filter ksrc,$(FUZZ_HOSTS_gpuvm)),$(call fuzz_rest,gpuvm,ksrc)) \
		$(call quote,part $(FUZZ_PART)) $(call quote,link $(CC) -no-pie $(FUZZ_WRAP)) > $@

FUZZ_FILES	:= $(foreach s,$(FUZZERS),$(FB)/plain/$(s)_fuzz $(FB)/asan/$(s)_fuzz) $(FB)/plain/commands
# As many as took 30 and 5 seconds; a busy machine takes longer for the same.
CHECK_OPS_plain_mm	:= 13100000
CHECK_OPS_plain_gpuvm	:= 3150000
CHECK_OPS_asan_mm	:= 350000
CHECK_OPS_asan_gpuvm	:= 142000
FUZZ_CHECKS	:= $(foreach f,plain asan,$(foreach s,$(FUZZERS),\
	'$(FB)/$f/$(s)_fuzz --ops $(CHECK_OPS_$f_$s) --out $(FB)')) \
	$(foreach s,$(FUZZERS),'$(FB)/asan/$(s)_fuzz tests/fuzz/corpus/$s') 'tests/test_fuzz $(FB)/plain'
