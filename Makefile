# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# drm-locklab: does an extra, always free lock matter where the resv is held?
#
#   make bench      measure; report and plots in results/<host>/<time>-<commit>
#   make check      every test: plain, lockdep, ThreadSanitizer, AddressSanitizer
#   make check-repeat  those that take less than a second, REPEAT=300 times each:
#                   none of them may turn on luck
#   make ladder     of what the lock is a percentage, from a list call to a
#                   bind, and to binds as drivers do them; six minutes
#   make break-even from what length of a path, and of a hold, the lock pays;
#                   ten minutes
#   make repeat     RUNS=10 whole runs: does the next one say the same?
#   make alike      two designs that execute the same: are they told apart?
#   make peers      NANOBENCH=nanobench.h: do nanobench's intervals, Google
#                   Benchmark's and ours hold in the next process? 18 minutes
#   make prices     price list of drm_mm's locking designs; seven minutes
#   make contended  the order of designs under contention; five minutes
#   make ksrc       also build against a kernel tree: KSRC=dir, or Debian's
#   make fuzz       millions of random calls on our drm_mm, gpuvm and drm_exec and
#                   on the tree's
#   make fuzz-libfuzzer  the same, guided by coverage
#   make coverage   lines of these that the fuzzers and their tests run
#   make growth     what an insert executes and misses, by the number of nodes
#   make kunit      the kernel's KUnit test of drm_mm, on our drm_mm and a tree's
#   make check-arm64      built for arm64, the tests under user emulation, and
#   make check-arm64-pmu  the counters, in an emulated machine that has some
#   make perf-stat BASE=resv NEW=gpuva  perf stat of both, the measured region
#                   alone, in turn, with a delta per operation: docs/perf.md
#   make perf-record VARIANT=gpuva      build/perf.data and its dearest symbols
#   make counts     instructions and atomics of every path and design, exactly
#   make golden     results/golden: those counts, for make check to hold builds
#                   against
#   make lint       checkpatch, cppcheck, shellcheck, kernel-doc
#   make atomics    count the atomics of every fast path; docs/atomics.md
#   make clean      remove build/
#   make help       this text
#
# Variables of make bench, ladder and break-even:
#   HOST=own|ksrc   whose drm_gpuvm.c runs                      [own]
#   KSRC=dir        kernel tree for HOST=ksrc
#   AGAINST=ksrc    compare HOST with this host instead of its variants
#   SCENARIO=globs  scenarios or scenario/path, with commas     [all]
#   VARIANTS=a,b    locking designs; the base is the path's own, else the first
#   THREADS=n       of every case; more than there are CPUs: oversubscribed
#   BUDGET=seconds  measuring time of the whole run; what is dear to set up
#                   takes longer
#   MARGIN=percent  what counts as the same                     [1]
#   SEED=n          order of the rounds
#   COUNTERS=list   what the counters count: none, basic, locks, coherence,
#                   software or events; build/locklab counters shows what is there
#                                                               [basic]
#   OUT=dir         where result folders are made               [results]
# Of make fuzz: FUZZ=mm|gpuvm [both], FUZZ_OPS=n [10000000 and 5000000], SEED=n
# Of make fuzz-libfuzzer: FUZZ, FUZZ_SECONDS=n [60], SEED
# Of make repeat: RUNS=n [10], LINKS=n of them [3], BUDGET of each, HOST, SCENARIO,
#                 SEED, OUT [results/repeat]
# Of make peers:  NANOBENCH=nanobench.h of 4.6.0 or newer, or its folder; COMPARE_PY
#                 [Debian's], PROCESSES=n [40], SECONDS of each tool and pair [2],
#                 SEED, OUT [results/peers]
# Of make alike:  RUNS=n comparisons [100], LINKS=n [10], BUDGET of each [2], SCENARIO,
#                 SEED, OUT [results/alike]
# Of make prices: BUDGET=seconds of each host [200], PROCESSES=n of each row [16],
#                 MARGIN, SEED, OUT
# Of make contended: HOST, BUDGET [300], PROCESSES=n of each row [16], MARGIN, SEED,
#                 OUT [results/contended/HOST]
# Of make perf-stat and perf-record: SCENARIO=scenario/path
#                 [resv_vs_custom_lock/link], HOST, PARAM="k=v ...", THREADS,
#                 EVENTS=a,b, SECONDS of a run, SEED; of perf-stat also
#                 REPEAT=pairs [12] and OUT, and its BASE may be host:variant
# Of make kunit: KSRC=dir, CASE=glob, SEED=n, BUILDS="own own-debug own-asan ksrc"
# Of make check and check-repeat: TESTS=text, only those that have it in their name
# Of every target: all CPUs compile unless -j says otherwise; several goals are made
# one after the other, and a second make in this folder waits for the first
#   INSTALL=no      print what is missing, install nothing
#   V=1             show whole commands
#   LOCKDEP=1       every assert is real: to find mistakes, not to time
#   ARM64=lse|llsc  build for arm64, below build/arm64/ (docs/arm64.md)
#   SHUFFLE=n       link the variants in another order (layout bias)

MAKEFLAGS	+= --no-builtin-rules
SHELL		:= /bin/bash
.DELETE_ON_ERROR:

.DEFAULT_GOAL := help
include scripts/build/front.mk
ifndef FRONT

HOST		?= own
B		:= build
# Arm64's atomics: an instruction for each, or pairs of exclusives; neither libgcc's
# choice at run time.
ARCH_FLAGS_lse	:= -march=armv8.1-a
ARCH_FLAGS_llsc	:= -march=armv8-a -mno-outline-atomics
# On arm64 it is the CPU's: the compiler by itself leaves the choice to run time.
MACHINE	:= $(shell uname -m)
ifeq ($(MACHINE),aarch64)
ARM64	?= $(if $(shell grep -wm 1 atomics /proc/cpuinfo),lse,llsc)
endif
ifdef ARM64
include scripts/setup/arm64.mk
endif

CC		:= $(CROSS_COMPILE)gcc
CXX		:= $(CROSS_COMPILE)g++
LD		:= $(CROSS_COMPILE)ld
export NM	:= $(CROSS_COMPILE)nm
export OBJCOPY	:= $(CROSS_COMPILE)objcopy
export OBJDUMP	:= $(CROSS_COMPILE)objdump

# One short line a command; V=1 shows them whole.
ifeq ($(V),)
Q	:= @
say	= @printf '  %-7s %s\n' $(1) '$(2)'
else
say	= @:
endif

# --- flags ---------------------------------------------------------------
# Kernel code: optimised as the kernel is, no LTO, nothing shared by variants.
KCFLAGS	:= -std=gnu11 -O2 -g -fno-strict-aliasing -fwrapv -fno-common -fno-pie \
	-fno-lto -fno-ipa-icf -falign-functions=64 -ftls-model=local-exec \
	-fno-delete-null-pointer-checks \
	-Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes \
	-Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers \
	-Werror $(if $(LOCKDEP),-DCONFIG_LOCKDEP=1 -DCONFIG_DRM_DEBUG_MM=1) $(ARCH_FLAGS)
# Each function and each variable in a section of its own, for the loader to place
# (lab/image). No part of KCFLAGS: the code that runs is the same.
KSECTIONS := -ffunction-sections -fdata-sections
KCPPFLAGS := -Icore/include -Icore -Ibench -Itests
LABCFLAGS := -std=gnu11 -O2 -g -fno-pie -Wall -Wextra -Wno-unused-parameter -Werror $(ARCH_FLAGS)
LABCXXFLAGS := -std=c++17 -O2 -g -fno-pie -Wall -Wextra -Werror $(ARCH_FLAGS)
LABCPPFLAGS := -D_GNU_SOURCE -Ilab -Ibench -Icore/include/host -I$(B)/gen
# The build id names the program in what it records.
LABLDFLAGS := -no-pie -Wl,--build-id=sha1
LABLIBS	:= $(ARCH_LIBS) -lbenchmark -ljansson -l:libpfm.a -lelf -lgsl -lgslcblas -lm -lpthread

# --- what there is -------------------------------------------------------
# Two families of designs: those of the vm_bo lists, in core/variants, and those
# of the range allocator, in core/variants/mm. A scenario is compiled with the
# latter when its name begins with mm_.
# All lists are sorted: wildcard's order is the locale's, and it is that of the link.
designs	= $(filter-out contract layout,$(basename $(notdir $(sort $(wildcard $(1)/*.h)))))
GPUVM_VARIANTS := $(call designs,core/variants)
MM_VARIANTS := $(addprefix mm/,$(call designs,core/variants/mm))
VARIANTS_ALL := $(GPUVM_VARIANTS) $(MM_VARIANTS)
BENCH_SRC := $(sort $(wildcard bench/*.c))
LOCK_SRC := $(sort $(wildcard core/lock/*.c)) $(sort $(wildcard core/lib/*.c))
DRM_SRC	:= $(sort $(wildcard core/drm/*.c))
LAB_SRC	:= $(sort $(wildcard lab/*/*.c))
# $(call of_family,variant,for mm/,for the others)
of_family = $(if $(filter mm/%,$(1)),$(2),$(3))
MM_SRC	:= $(sort $(wildcard core/drm/drm_mm*.c))
# $(call bench_of,variant,flavour), $(call drm_of,variant): what is compiled with it
bench_of = $(filter $(or $(BENCH_ONLY_$(2)),%),$(call of_family,$(1),$(filter bench/mm_%,$(BENCH_SRC)),$(filter-out bench/mm_%,$(BENCH_SRC))))
drm_of	= $(call of_family,$(1),$(MM_SRC),$(filter-out $(MM_SRC),$(DRM_SRC)))
# $(call lib_of,host): what of core/lock and core/lib is linked
lib_of	= $(if $(filter ksrc,$(1)),$(KSRC_LOCK_SRC),$(LOCK_SRC))

# --- objects ------------------------------------------------------------------
# The two ends of a compiler's command. Files are named from the tree's folder, so
# that a program does not tell where it was built. The map is no part of KCFLAGS,
# whose text records and golden tables carry.
begin	= @mkdir -p $(@D)$(if $(V),, && printf '  %-7s %s\n' $(1) '$@')
quote	= '$(subst ','\'',$(1))'
object	= -fdebug-prefix-map=$(call quote,$(CURDIR))=. -MMD -MP -c -o $@ $<
export PWD := $(CURDIR)
# Nor what language its builder speaks, or where else cd looks.
export LC_ALL := C
unexport CDPATH

# Most of core is the same whatever the design. It is compiled once for a flavour and
# a host, without a design's header; what is shaped by a design's layout, once for
# each layout (scripts/build/layouts); the rest, bench above all, for each variant:
#   build/FLAVOUR/shared/HOST/all/core/lock/mutex.o
#   build/FLAVOUR/shared/HOST/LAYOUT/core/drm/drm_gpuvm.o
#   build/FLAVOUR/HOST/VARIANT/bench/vm_bind.o
LAYOUT_OF := $(shell scripts/build/layouts $(GPUVM_VARIANTS))
ifneq ($(.SHELLSTATUS),0)
$(if $(filter-out help clean,$(or $(MAKECMDGOALS),help)),$(error no layouts))
endif
layout	= $(patsubst $(1):%,%,$(filter $(1):%,$(LAYOUT_OF)))
LAYOUTS	:= $(sort $(foreach v,$(GPUVM_VARIANTS),$(call layout,$v)))
SHARED_own := $(LOCK_SRC) $(MM_SRC)
# $(call shared,host,variant,source): the folder of what it shares, or nothing
shared	= $(if $(filter $(SHARED_$(1)),$(3)),all,$(if $(filter $(DRM_SRC),$(3)),$(call layout,$(2))))
# $(call in_folder,flavour,host,variant,that): a flavour may share another's
in_folder = $(if $(4),$(or $(SHARES_$(1)),$(1))/shared/$(2)/$(4),$(1)/$(2)/$(3))
# $(call objects,flavour,host,variant,sources)
objects	= $(foreach s,$(4),$(B)/$(call in_folder,$(1),$(2),$(3),$(call shared,$(2),$(3),$s))/$(s:.c=.o))

# $(call host,flavour,host,cppflags,flavour flags)
define host
$(B)/$(1)/shared/$(2)/all/%.o: %.c $(B)/gen/flags $(TREE_$(2)) | deps
	$$(call begin,CC)
	$(Q)$(CC) $(KCFLAGS) $(KSECTIONS) $(4) $(3) $$(object)
endef
# $(call host_layout,flavour,host,layout,cppflags,flavour flags)
define host_layout
$(B)/$(1)/shared/$(2)/$(3)/%.o: %.c $(B)/gen/flags | $(B)/gen/layouts deps
	$$(call begin,CC)
	$(Q)$(CC) $(KCFLAGS) $(KSECTIONS) $(5) -Wundef -DVARIANT_HEADER='"layout/$(3).h"' -I$(B)/gen $(4) $$(object)
endef
# $(call own,flavour,cppflags,flavour flags): what the sets of ours share
define own
$(call host,$(1),own,$(2),$(3) -Wundef)

$(foreach l,$(LAYOUTS),$(call host_layout,$(1),own,$l,$(2),$(3))

)
endef
$(eval $(call own,plain,$(KCPPFLAGS)))

# A layout's header is as old as its text.
$(B)/gen/layouts: $(GPUVM_VARIANTS:%=core/variants/%.h) \
		$(sort $(wildcard core/variants/parts/*.h)) scripts/build/layouts \
		$(B)/gen/sources | deps
	@CC='$(CC)' scripts/build/layouts --write $(B)/gen/layout $(GPUVM_VARIANTS)
	@touch $@
$(LAYOUTS:%=$(B)/gen/layout/%.h): $(B)/gen/layouts ;

# --- sets: one object for each host and variant -----------------------------
# Linked with all sections kept apart (scripts/build/set.lds). image.o is loaded by
# lab/image, where a lock is compared, not where the code behind it happens to lie;
# named.o is linked into the program for profilers, debuggers and exact counts.
# $(call set,flavour,host,variant,cppflags,more sources,flavour flags)
META_SRC := core/variants/meta.c
define set
$(B)/$(1)/$(2)/$(3)/set.o: $(call objects,$(1),$(2),$(3),$(call lib_of,$(2)) $(5) $(META_SRC) $(call bench_of,$(3),$(1))) \
		$(B)/gen/sources scripts/build/set.lds
	@mkdir -p $$(@D)
	$(Q)$(LD) -r --unique -T scripts/build/set.lds -o $$@ $$(filter %.o,$$^)
$(B)/$(1)/$(2)/$(3)/%.o: %.c $(B)/gen/flags $(TREE_$(2)) | deps
	$$(call begin,CC)
	$(Q)$(CC) $(KCFLAGS) $(KSECTIONS) $(6) -DVARIANT_HEADER='"variants/$(3).h"' -DVARIANT_NAME='"$(notdir $(3))"' \
		$(4) $$(object)
$(B)/$(1)/$(2)/$(3)/image.o: $(B)/$(1)/$(2)/$(3)/set.o
	$(Q)$(OBJCOPY) --strip-debug --remove-section=.comment $$< $$@
$(B)/$(1)/$(2)/$(3)/named.o: $(B)/$(1)/$(2)/$(3)/set.o scripts/build/rename-symbols
	$(Q)scripts/build/rename-symbols $(filter-out own_,$(2)_)$(subst /,_,$(3))__ $$< $$@
endef

$(foreach v,$(VARIANTS_ALL),$(eval $(call set,plain,own,$v,$(KCPPFLAGS),$(call drm_of,$v))))
OWN_SETS := $(VARIANTS_ALL:%=own/%)

# --- kernel tree ------------------------------------------------------------
include kernel/ksrc/rules.mk

comma	:= ,
scenarios = $(subst $() ,$(comma),$(sort $(basename $(notdir $(1)))))
SCENARIOS := $(call scenarios,$(BENCH_SRC))

# --- the program ------------------------------------------------------------
SETS	:= $(OWN_SETS) $(KSRC_SETS)
COPIES	:= $(SETS:%=$(B)/plain/%/named.o)
# $(call shuffled,order,words)
shuffled = $(shell printf '%s\n' $(2) | shuf --random-source=<(yes $(1)))
ifdef SHUFFLE
COPIES	:= $(call shuffled,$(SHUFFLE),$(COPIES))
endif
IMAGES	:= $(SETS:%=$(B)/plain/%/image.o)
LAB_OBJ	:= $(LAB_SRC:lab/%.c=$(B)/lab/%.o) $(B)/lab/gbench/gbench.o $(B)/lab/host.o \
	$(B)/gen/sets.o $(B)/gen/build.o $(B)/gen/objects.o

# A stub on a timed path fails the build.
$(B)/gen/shims: $(wildcard core/include/*/*.h) scripts/build/check-shims | deps
	@mkdir -p $(@D)
	@scripts/build/check-shims core/include > $@ || { cat $@; exit 1; }

# What takes longest to compile comes first, and the sets last, whose work is even.
$(B)/locklab: $(B)/lab/gbench/gbench.o $(LAB_OBJ) $(COPIES) $(B)/gen/link $(B)/gen/shims
	$(call say,LINK,$@)
	$(Q)$(CXX) $(LABLDFLAGS) -o $@ $(COPIES) $(LAB_OBJ) $(LABLIBS)

$(B)/lab/%.o: lab/%.c $(B)/gen/labflags | deps
	$(call begin,CC)
	$(Q)$(CC) $(LABCFLAGS) $(LABCPPFLAGS) $(object)
$(B)/lab/%.o: lab/%.cc $(B)/gen/labflags | deps
	$(call begin,CXX)
	$(Q)$(CXX) $(LABCXXFLAGS) $(LABCPPFLAGS) $(object)
$(B)/lab/host.o: core/host/host.c $(B)/gen/labflags | deps
	$(call begin,CC)
	$(Q)$(CC) $(LABCFLAGS) $(LABCPPFLAGS) $(object)
$(B)/gen/%.o: $(B)/gen/%.c $(B)/gen/labflags lab/cases/set.h lab/base/build.h bench/bench.h | deps
	$(call begin,CC)
	$(Q)$(CC) $(LABCFLAGS) $(LABCPPFLAGS) $(object)

# Generated files keep their time stamp while their text stays the same.
$(B)/gen/sets.c: FORCE | deps
	@mkdir -p $(@D)
	@scripts/build/keep $@ scripts/build/gen-sets --scenarios $(SCENARIOS) \
		--objects $(foreach s,$(SETS),--set $s) $(KSRC_ABSENT)
$(B)/gen/objects.S: $(IMAGES) $(B)/gen/link scripts/build/gen-objects | deps
	@scripts/build/gen-objects --nm $(NM) $(foreach s,$(SETS),$(subst /,_,$s)=$(B)/plain/$s/image.o) \
		| scripts/build/keep $@
	@touch $@
$(B)/gen/objects.o: $(B)/gen/objects.S $(IMAGES)
	$(call begin,AS)
	$(Q)$(CC) $(ARCH_FLAGS) -c -o $@ $<
$(B)/gen/build.c: FORCE | deps
	@mkdir -p $(@D)
	@CC='$(CC)' KCFLAGS='$(strip $(KCFLAGS))' KSRC='$(KSRC_NAME)' \
		scripts/build/keep $@ scripts/build/gen-build
$(B)/gen/link: FORCE
	@mkdir -p $(@D)
	@scripts/build/keep $@ printf '%s\n' '$(COPIES)' '$(LAB_OBJ)' \
		'$(LABLDFLAGS) $(LABLIBS)'
# A file that is gone makes nothing older; its absence has to be seen.
$(B)/gen/sources: FORCE
	@mkdir -p $(@D)
	@scripts/build/keep $@ echo '$(VARIANTS_ALL) $(LAYOUT_OF) $(LOCK_SRC) $(META_SRC) $(BENCH_SRC) $(DRM_SRC)'
# The flags that every result is said to be made with are those of all objects.
$(B)/gen/flags: FORCE | deps
	@mkdir -p $(@D)
	@scripts/build/keep $@ echo "$$($(CC) --version)" '$(CC) $(KCFLAGS) $(KSECTIONS) $(KCPPFLAGS)' \
		'$(foreach f,$(FLAVOURS),$(FLAGS_$f)) $(KSRC_CFLAGS) $(KSRC_CPPFLAGS)' \
		-fdebug-prefix-map
$(B)/gen/labflags: FORCE | deps
	@mkdir -p $(@D)
	@scripts/build/keep $@ echo "$$($(CXX) --version)" '$(CC) $(CXX) $(LABCFLAGS)' \
		'$(LABCXXFLAGS) $(LABCPPFLAGS)' -fdebug-prefix-map
FORCE:

# --- tests --------------------------------------------------------------------
include tests/rules.mk
include tests/peers/rules.mk

# --- what users call ----------------------------------------------------------

.PHONY: help deps bench ladder break-even repeat alike prices contended growth perf-stat perf-record check lint atomics counts golden clean FORCE

help:
	@sed -n '/^# drm-locklab/,/^$$/s/^# \{0,1\}//p' Makefile

deps:
	@INSTALL='$(INSTALL)' scripts/setup/install-deps $(if $(filter check check-repeat ksrc atomics alike coverage prices contended growth peers,$(MAKECMDGOALS)),--check) $(if $(filter lint,$(MAKECMDGOALS)),--lint) $(if $(filter check-arm64 check-arm64-pmu,$(MAKECMDGOALS)),--arm64) $(if $(filter perf-stat perf-record check check-repeat,$(MAKECMDGOALS)),--perf) $(if $(filter fuzz-libfuzzer,$(MAKECMDGOALS)),--fuzz)

# Variables become options only where they are set.
option	= $(if $(2),--$(1) $(call quote,$(2)))
RUN_OPTS = $(call option,host,$(HOST)) $(call option,against,$(AGAINST)) $(call option,scenario,$(SCENARIO)) \
	$(call option,variants,$(VARIANTS)) $(call option,budget,$(BUDGET)) $(call option,threads,$(THREADS)) \
	$(call option,margin,$(MARGIN)) $(call option,seed,$(SEED)) $(call option,counters,$(COUNTERS)) \
	$(call option,out,$(OUT))
bench: $(B)/locklab
	@$(B)/locklab run $(RUN_OPTS) --plot scripts/draw/plot

# A command line's SCENARIO and BUDGET are stronger than these.
ladder: SCENARIO = vm_bind,vm_bind_drivers,vm_bind_free
ladder: BUDGET = 360
ladder: $(B)/locklab
	@$(B)/locklab run $(RUN_OPTS) --plot scripts/draw/ladder
break-even: SCENARIO = break_even,resv_vs_custom_lock/contended
break-even: BUDGET = 600
break-even: $(B)/locklab
	@$(B)/locklab run $(RUN_OPTS) --plot scripts/draw/break-even

prices: $(B)/locklab $(ATOMICS) $(MM_ATOMICS)
	@scripts/run/atomics --json $(B)/gen/mm-atomics.json $(ATOMICS) $(MM_ATOMICS) > $(B)/gen/mm-atomics.txt
	@scripts/run/prices --atomics $(B)/gen/mm-atomics.json --hosts own$(if $(KSRC_VERSION),$(comma)ksrc) \
		$(call option,processes,$(PROCESSES)) $(call option,budget,$(BUDGET)) \
		$(call option,margin,$(MARGIN)) $(call option,seed,$(SEED)) $(call option,out,$(OUT))
	@scripts/draw/plot $(call quote,$(or $(OUT),results/prices))

# Links build/locklab anew for some of its runs, last as it was.
repeat: $(B)/locklab
	@scripts/run/repeat $(call option,runs,$(RUNS)) $(call option,links,$(LINKS)) $(call option,host,$(HOST)) \
		$(call option,scenario,$(SCENARIO)) $(call option,budget,$(BUDGET)) $(call option,seed,$(SEED)) \
		$(call option,out,$(OUT))

alike: $(B)/locklab
	@scripts/run/alike $(call option,runs,$(RUNS)) $(call option,links,$(LINKS)) $(call option,scenario,$(SCENARIO)) \
		$(call option,budget,$(BUDGET)) $(call option,seed,$(SEED)) $(call option,out,$(OUT))

contended: $(B)/locklab
	@scripts/run/contended $(call option,host,$(HOST)) $(call option,processes,$(PROCESSES)) $(call option,budget,$(BUDGET)) \
		$(call option,margin,$(MARGIN)) $(call option,seed,$(SEED)) $(call option,out,$(OUT))

PERF_OPTS = $(call option,scenario,$(SCENARIO)) $(call option,host,$(HOST)) $(call option,param,$(PARAM)) \
	$(call option,threads,$(THREADS)) $(call option,events,$(EVENTS)) $(call option,seconds,$(SECONDS)) \
	$(call option,seed,$(SEED))
perf-stat: $(B)/locklab
	@scripts/run/perf-stat $(call option,base,$(BASE)) $(call option,new,$(NEW)) $(PERF_OPTS) \
		$(call option,repeat,$(REPEAT)) $(call option,out,$(OUT))
perf-record: $(B)/locklab
	@scripts/run/perf-record $(call option,variant,$(VARIANT)) $(PERF_OPTS)

ksrc: $(B)/locklab
	@echo "both hosts are in $(B)/locklab; kernel tree: $(KSRC_VERSION)"

counts: $(B)/locklab
	@$(B)/locklab counts $(call option,host,$(HOST)) $(call option,scenario,$(SCENARIO)) \
		$(call option,variants,$(VARIANTS))
golden: $(B)/locklab
	@$(B)/locklab counts --golden results/golden

lint: deps
	@scripts/build/lint "$$(sed -n 's/^tree //p' $(KB)/stamp 2>/dev/null)"

clean:
	rm -rf $(B)

-include $(shell [ -d $(B) ] && find $(B) -name '*.d')

endif # FRONT
