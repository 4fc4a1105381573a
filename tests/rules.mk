# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# How the tests are built and which are run. Flavours of the core beside the
# plain one, each with its own objects under build/<flavour>:
#   lockdep	every assert is real
#   tsan	ThreadSanitizer
#   asan	AddressSanitizer and UndefinedBehaviorSanitizer

FLAVOURS	:= lockdep tsan asan
FLAGS_plain	:=
FLAGS_lockdep	:= -DCONFIG_LOCKDEP=1 -DCONFIG_DRM_DEBUG_MM=1
FLAGS_tsan	:= -fsanitize=thread
FLAGS_asan	:= -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer

# What is new to compile for them is little: the rest is in the tests of designs.
BENCH_ONLY_asan	:= bench/vm_bind.c bench/vm_bind_drivers.c bench/contention.c bench/exec_lists.c
BENCH_ONLY_tsan	:= bench/contention.c bench/resv_vs_custom_lock.c

$(foreach f,$(FLAVOURS),$(eval $(call own,$f,$(KCPPFLAGS),$(FLAGS_$f))))
$(foreach f,$(FLAVOURS),$(foreach v,$(VARIANTS_ALL),\
	$(eval $(call set,$f,own,$v,$(KCPPFLAGS),$(call drm_of,$v),$(FLAGS_$f)))))

# --- kernel-named tests -------------------------------------------------------
# $(call ktest_host,flavour): the libc side
define ktest_host
$(B)/$(1)/host/%.o: tests/%.c $(B)/gen/labflags | deps
	$$(call begin,CC)
	$(Q)$(CC) $(LABCFLAGS) $(FLAGS_$(1)) $(LABCPPFLAGS) -Itests $$(object)
$(B)/$(1)/host/host.o: core/host/host.c $(B)/gen/labflags | deps
	$$(call begin,CC)
	$(Q)$(CC) $(LABCFLAGS) $(FLAGS_$(1)) $(LABCPPFLAGS) $$(object)
endef
$(foreach f,plain $(FLAVOURS),$(eval $(call ktest_host,$f)))

# A thread of these is stopped on its way into the function.
LDFLAGS_test_gpuvm_defer := -Wl,--wrap=llist_add_batch
LDFLAGS_test_mutex := -Wl,--wrap=_raw_spin_lock
# These count allocations and make them fail; krealloc() calls these two.
COUNTS_ALLOCS := -Wl,--wrap=__kmalloc,--wrap=kfree
LDFLAGS_test_gpuvm_ops := $(COUNTS_ALLOCS)
LDFLAGS_test_drm_exec := $(COUNTS_ALLOCS)
LDFLAGS_test_slab_threads := -Wl,--wrap=host_pages,--wrap=host_pages_free

# $(call ktest,flavour,variant,test): one program
define ktest
KTESTS_$(1) += $(B)/$(1)/own/$(2)/tests/$(3)
$(B)/$(1)/own/$(2)/tests/$(3): $(call objects,$(1),own,$(2),tests/$(3).c $(LOCK_SRC) $(call drm_of,$(2))) \
		$(B)/$(1)/host/ktest.o $(B)/$(1)/host/thread.o $(B)/$(1)/host/host.o
	$$(call say,LINK,$$@)
	$(Q)$(CC) -no-pie $(FLAGS_$(1)) $(LDFLAGS_$(3)) -o $$@ $$^ $(ARCH_LIBS) -lcmocka -lpthread
endef
# $(call ktests,flavours,variants,tests)
ktests = $(foreach f,$(1),$(foreach v,$(2),$(foreach t,$(3),$(eval $(call ktest,$f,$v,$t)))))

LOCK_TESTS	:= test_mutex test_ww_mutex test_refcount test_dma_resv torture
LIB_TESTS	:= test_list test_rbtree test_interval_tree
GPUVM_TESTS	:= test_gpuvm test_gpuvm_bo test_gpuvm_defer test_gpuvm_sm test_gpuvm_ops \
	test_gpuvm_exec test_drm_exec
DRM_MM_TESTS	:= test_drm_mm test_drm_mm_insert test_drm_mm_align test_drm_mm_color \
	test_drm_mm_scan test_drm_mm_verify
# A design that says that it is wrong is not asked to be right.
REFUSED_VARIANTS := $(notdir $(basename $(shell grep -l 'define VARIANT_REFUSED' \
	$(GPUVM_VARIANTS:%=core/variants/%.h))))
SOUND_VARIANTS	:= $(filter-out $(REFUSED_VARIANTS),$(GPUVM_VARIANTS))
MM_VARIANT_TESTS := test_mm_variant test_mm_promises

$(call ktests,plain lockdep tsan asan,resv,$(LOCK_TESTS))
$(call ktests,plain asan,resv,$(LIB_TESTS))
$(call ktests,plain lockdep,resv,test_string)
$(call ktests,plain lockdep tsan asan,resv,test_slab test_slab_threads)
$(call ktests,lockdep,resv,test_lockdep)
$(call ktests,plain,$(GPUVM_VARIANTS),test_layout)
$(call ktests,plain lockdep tsan asan,immediate,$(GPUVM_TESTS))
$(call ktests,plain lockdep tsan asan,resv,$(filter-out test_gpuvm_defer,$(GPUVM_TESTS)))
$(call ktests,plain lockdep tsan asan,$(SOUND_VARIANTS),test_variant)
$(call ktests,plain lockdep tsan asan,guard,test_guard)
$(call ktests,asan,$(SOUND_VARIANTS),test_lifetime)
$(call ktests,plain lockdep tsan asan,$(REFUSED_VARIANTS),test_refused)
$(call ktests,lockdep tsan,gpuva immediate,test_driver_walk)
$(call ktests,plain lockdep asan,mm/none,$(DRM_MM_TESTS))
$(call ktests,tsan,mm/none,test_drm_mm)
$(call ktests,lockdep,mm/none,test_drm_mm_misuse)
$(call ktests,plain lockdep tsan asan,$(MM_VARIANTS),$(MM_VARIANT_TESTS))
$(call ktests,plain lockdep asan,mm/none,test_mm_pool)

# --- the atomics of every fast path ---------------------------------------------
$(B)/plain/own/resv/tests/atomics: $(call objects,plain,own,resv,tests/atomics.c $(LOCK_SRC)) \
		$(B)/plain/host/host.o
	$(call say,LINK,$@)
	$(Q)$(CC) -no-pie -o $@ $^ -lpthread
ATOMICS := $(B)/plain/own/resv/tests/atomics

# $(call counted,program,host,variant,sources): of one design
define counted
$(B)/plain/$(2)/$(3)/tests/$(1): $(call objects,plain,$(2),$(3),tests/$(1).c $(call lib_of,$(2)) $(4)) \
		$(B)/plain/host/host.o
	$$(call say,LINK,$$@)
	$(Q)$(CC) -no-pie -o $$@ $$^ -lpthread
endef
$(foreach v,$(MM_VARIANTS),$(eval $(call counted,mm_atomics,own,$v,$(call drm_of,$v))))
$(foreach v,$(filter mm/%,$(KSRC_VARIANTS)),$(eval $(call counted,mm_atomics,ksrc,$v,$(call ksrc_drm_of,$v))))
MM_ATOMICS := $(MM_VARIANTS:%=$(B)/plain/own/%/tests/mm_atomics) \
	$(patsubst %,$(B)/plain/ksrc/%/tests/mm_atomics,$(filter mm/%,$(KSRC_VARIANTS)))

$(foreach v,$(SOUND_VARIANTS),$(eval $(call counted,vm_bo_atomics,own,$v,$(call drm_of,$v))))
# Trees differ in how immediate mode obtains and puts: counted on ours only.
KSRC_SOUND := $(filter $(filter-out immediate,$(SOUND_VARIANTS)),$(KSRC_VARIANTS))
$(foreach v,$(KSRC_SOUND),$(eval $(call counted,vm_bo_atomics,ksrc,$v,$(call ksrc_drm_of,$v))))
VM_BO_ATOMICS := $(SOUND_VARIANTS:%=$(B)/plain/own/%/tests/vm_bo_atomics) \
	$(KSRC_SOUND:%=$(B)/plain/ksrc/%/tests/vm_bo_atomics)

# --- what an insert executes and misses, by the number of nodes -------------------
$(eval $(call counted,mm_growth,own,mm/none,$(call drm_of,mm/none)))
$(if $(KSRC_VARIANTS),$(eval $(call counted,mm_growth,ksrc,mm/none,$(call ksrc_drm_of,mm/none))))
MM_GROWTH := $(B)/plain/own/mm/none/tests/mm_growth \
	$(if $(KSRC_VARIANTS),$(B)/plain/ksrc/mm/none/tests/mm_growth)

growth: $(MM_GROWTH)
	@scripts/run/growth $^

atomics: $(ATOMICS) $(MM_ATOMICS) $(VM_BO_ATOMICS)
	@scripts/run/atomics --markdown docs/atomics.md $^

# --- tests of the harness -------------------------------------------------------
LAB_TESTS := $(filter-out $(LOCK_TESTS) $(LIB_TESTS) $(GPUVM_TESTS) $(DRM_MM_TESTS) \
	$(MM_VARIANT_TESTS) test_mm_pool test_slab test_slab_threads test_string test_drm_mm_misuse test_lockdep test_layout test_variant test_lifetime test_guard \
	test_refused test_driver_walk test_image,$(basename $(notdir $(sort $(wildcard tests/test_*.c)))))
LAB_TEST_OBJ := $(patsubst lab/%.c,$(B)/lab/%.o,$(filter-out lab/cmd/main.c lab/cmd/bench.c,$(LAB_SRC))) \
	$(B)/lab/gbench/gbench.o

$(B)/tests/%.o: tests/%.c $(B)/gen/labflags | deps
	$(call begin,CC)
	$(Q)$(CC) $(LABCFLAGS) $(LABCPPFLAGS) -Itests $(object)
$(LAB_TESTS:%=$(B)/tests/%): $(B)/tests/%: $(B)/tests/%.o $(B)/tests/fake_sets.o $(LAB_TEST_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LABLDFLAGS) -o $@ $^ -lcmocka $(LABLIBS)
# Of the sets themselves.
$(B)/tests/test_image: $(B)/tests/test_image.o $(COPIES) $(filter-out $(B)/lab/cmd/%,$(LAB_OBJ))
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LABLDFLAGS) -o $@ $^ -lcmocka $(LABLIBS)

# --- the whole program in other flavours ------------------------------------------
# lockdep: the default plan, and each case of what is not in it. asan and tsan: of
# the designs of the lists, each case once. ThreadSanitizer has to see the harness,
# too, whose barriers order what threads do.
LAB_OBJ_lockdep	:= $(LAB_OBJ)
LAB_OBJ_asan	:= $(LAB_OBJ)
LAB_OBJ_tsan	:= $(patsubst $(B)/%,$(B)/tsan/%,$(filter $(B)/lab/%,$(LAB_OBJ))) $(B)/gen/build.o

# $(call program,flavour,variants)
define program
$(B)/$(1)/locklab: $(2:%=$(B)/$(1)/own/%/named.o) \
		$(filter-out $(B)/gen/sets.o $(B)/gen/objects.o,$(LAB_OBJ_$(1))) $(B)/$(1)/gen/sets.o
	$$(call say,LINK,$$@)
	$(Q)$(CXX) $(LABLDFLAGS) $(FLAGS_$(1)) -o $$@ $$^ $(LABLIBS)
$(B)/$(1)/gen/sets.c: $(B)/gen/sources scripts/build/gen-sets tests/rules.mk | deps
	@mkdir -p $$(@D)
	@scripts/build/keep $$@ scripts/build/gen-sets --scenarios $(call scenarios,$(or $(BENCH_ONLY_$(1)),$(BENCH_SRC))) $(2:%=--set own/%)
	@touch $$@
$(B)/$(1)/gen/sets.o: $(B)/$(1)/gen/sets.c lab/cases/set.h bench/bench.h
	$$(call begin,CC)
	$(Q)$(CC) $(LABCFLAGS) $(LABCPPFLAGS) $$(object)
$(B)/$(1)/lab/%.o: lab/%.c $(B)/gen/labflags | deps
	$$(call begin,CC)
	$(Q)$(CC) $(LABCFLAGS) $(FLAGS_$(1)) $(LABCPPFLAGS) $$(object)
$(B)/$(1)/lab/%.o: lab/%.cc $(B)/gen/labflags | deps
	$$(call begin,CXX)
	$(Q)$(CXX) $(LABCXXFLAGS) $(FLAGS_$(1)) $(LABCPPFLAGS) $$(object)
$(B)/$(1)/lab/host.o: core/host/host.c $(B)/gen/labflags | deps
	$$(call begin,CC)
	$(Q)$(CC) $(LABCFLAGS) $(FLAGS_$(1)) $(LABCPPFLAGS) $$(object)
endef
# One atomic and one call of libc more in one call of one design: the golden table
# and tests/test_libc.py have to tell.
MUTANT		:= $(B)/mutant/include/variants/gpuva.h
BENCH_ONLY_mutant := bench/vm_bo_lock.c
# What it does not change is the plain build's.
SHARES_mutant	:= plain
LAB_OBJ_mutant	:= $(LAB_OBJ)
$(eval $(call set,mutant,own,gpuva,-I$(B)/mutant/include $(KCPPFLAGS) -Icore/variants,$(call drm_of,gpuva)))
$(eval $(call program,mutant,gpuva))
$(BENCH_ONLY_mutant:%.c=$(B)/mutant/own/gpuva/%.o): $(MUTANT)
$(MUTANT): core/variants/gpuva.h tests/rules.mk
	@mkdir -p $(@D)
	@sed '/^static inline void va_link/,/^}/s/mutex_unlock(.*/&\n\tatomic_inc(\&(atomic_t){ 0 });\n\t{ extern int sched_yield(void); sched_yield(); }/' $< | scripts/build/keep $@
	@touch $@
$(eval $(call program,lockdep,$(VARIANTS_ALL)))
$(foreach f,asan tsan,$(eval $(call program,$f,$(SOUND_VARIANTS))))
PROGRAMS := $(FLAVOURS:%=$(B)/%/locklab)

include tests/steady.mk
include tests/fuzz/rules.mk
include kernel/kunit/rules.mk
include tests/arm64/vm.mk
ifdef ARM64_ROOT
include tests/arm64/user.mk
endif

# --- what make check runs -------------------------------------------------------
# The long ones begin first, or the last of them would run alone.
CHECKS	= 'tests/test_scenarios $(B)/lockdep/locklab' tests/test_cli.py \
	$(FUZZ_CHECKS) tests/test_ksrc \
	'tests/test_cases $(B)/tsan/locklab own/.*(_bo|job|contended|E:4)/.*threads:2' \
	tests/test_break_even.py 'tests/test_golden.py $(B)/locklab $(B)/mutant/locklab results/golden' \
	tests/test_docs \
	'tests/test_cases $(B)/lockdep/locklab own/(vm_bind|contention|exec_lists)' \
	tests/test_contended.py tests/test_perf_stat.py tests/test_perf_real.py \
	'tests/test_cases $(B)/asan/locklab own/' \
	'scripts/run/atomics --current docs/atomics.md $(ATOMICS) $(MM_ATOMICS) $(VM_BO_ATOMICS)' \
	'tests/test_slab_pair.py $(ATOMICS)' \
	tests/test_same.py tests/test_one_make.py tests/test_make.py \
	tests/test_counters.py tests/test_ladder.py $(KUNIT_CHECKS) \
	'tests/test_symbols $(B)/locklab $(B)/plain' 'tests/test_libc.py $(B)/locklab $(B)/mutant/locklab' \
	tests/test_loop.py \
	tests/test_prices.py tests/test_repeat.py tests/test_alike.py tests/test_peers.py tests/test_interval.py tests/test_claims.py tests/test_deps.py \
	tests/test_floors.py tests/test_rooms.py tests/test_policy.py tests/test_shims \
	tests/test_run.py \
	$(LAB_TESTS:%=$(B)/tests/%) $(B)/tests/test_image $(KSRC_TESTS) $(foreach f,plain $(FLAVOURS),$(KTESTS_$f))
CHECK_FILES = $(foreach f,plain $(FLAVOURS),$(KTESTS_$f)) $(LAB_TESTS:%=$(B)/tests/%) $(B)/tests/test_image $(B)/locklab $(KSRC_TESTS) $(ATOMICS) $(MM_ATOMICS) $(VM_BO_ATOMICS) $(FUZZ_FILES) $(KUNIT_FILES) $(PROGRAMS) $(B)/mutant/locklab $(STEADY_CLOCK)

# With TESTS, only what it names is built; a script may need all.
CHECK_WANTED = $(or $(strip $(foreach f,$(CHECK_FILES),$(if $(findstring $(TESTS),$f),$f))),$(CHECK_FILES))
check check-repeat: $(CHECK_WANTED)
check:
	@LOCKLAB=$(B)/locklab tests/run $(call option,only,$(TESTS)) $(B)/check $(CHECKS)
