# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# The ksrc host: the unmodified drm_mm.c, drm_gpuvm.c, drm_exec.c and rbtree.c of
# a kernel tree over core's <linux/*>. Included after the define of a set.
#
# Needs B, KCFLAGS, LOCK_SRC, BENCH_SRC and the set macro; gives KSRC_SETS,
# KSRC_ABSENT (arguments of scripts/build/gen-sets), KSRC_VERSION, KSRC_NAME (that, and
# whose trees), KSRC_LOCK_SRC (which stands for LOCK_SRC) and KSRC_TESTS (programs
# for make check); KSRC_WANTED says that a tree is used. All but KSRC_LOCK_SRC are
# empty until KSRC, HOST=ksrc or the goal ksrc asks for a tree; it then stays in
# the build until make clean. The goal kunit by itself needs less of a tree.

KB	:= $(B)/ksrc
KSRC_SETS :=

# A test that has no tree to judge by is skipped; so make check takes one that is
# there or that it may install.
ifneq (,$(filter check check-repeat,$(MAKECMDGOALS)))
KSRC_AT_HAND := $(shell ls /usr/src/linux-source-*.tar.xz 2>/dev/null; \
	[ '$(INSTALL)' = no ] || [ "$$(id -u)" != 0 ] || command -v apt-get)
endif
KSRC_GOALS := ksrc fuzz fuzz-libfuzzer prices

ifneq (,$(or $(KSRC),$(filter $(KSRC_GOALS),$(HOST) $(AGAINST) $(MAKECMDGOALS)),$(KSRC_AT_HAND),$(wildcard $(KB)/stamp)))
ifneq (,$(filter-out clean help kunit,$(or $(MAKECMDGOALS),all)))
KSRC_WANTED := y
include $(KB)/sets.mk
endif
endif

# The stamp changes with the tree's files, so probing is not done again for an
# object file; what the answers are written to changes only with the answers.
$(KB)/stamp: FORCE | deps
	@tree=$(call quote,$(KSRC)); \
	 [ -n "$$tree" ] || tree=$$(sed -n 's/^tree //p' $@ 2>/dev/null); \
	 [ "$$tree" != '$(abspath $(B)/linux-source)' ] || tree=; \
	 [ -n "$$tree" ] || tree=$$(kernel/ksrc/fetch $(B)/linux-source 2>/dev/null) || \
		{ scripts/setup/install-deps --ksrc >&2 && \
		  tree=$$(kernel/ksrc/fetch $(B)/linux-source); } && \
	 CC='$(CC)' kernel/ksrc/links "$$tree" $(KB)

$(KB)/sets.mk: $(KB)/stamp kernel/ksrc/rules.mk kernel/ksrc/probe kernel/ksrc/express \
		kernel/ksrc/cc.py kernel/ksrc/base.h kernel/ksrc/compat.h \
		$(sort $(wildcard core/include/*/*.h core/variants/*.h core/variants/mm/*.h core/variants/*/parts/*.h)) $(B)/gen/sources
	@CC='$(CC)' kernel/ksrc/probe $(KB)
	@CC='$(CC)' kernel/ksrc/express $(KB)
	@{ echo KSRC_VARIANTS := $$(cat $(KB)/variants); \
	   echo KSRC_VERSION := $$(cat $(KB)/version); \
	   echo KSRC_RBTREE := $$(ls $(KB)/lib/rbtree.c 2>/dev/null); \
	   echo KSRC_FEATURES := $$(sed -n 's/^#define \(HAVE_[A-Z_]*\) \([01]\).*/\1=\2/p' \
		$(KB)/include/generated/features.h); } | scripts/build/keep $@
	@touch $@

# Our files, compiled against the tree's headers: drm_gpuvm*.c, drm_mm*.c and
# the like give way to the tree's.
KSRC_DRM_SRC := core/drm/drm_gem.c core/drm/drm_device.c
# $(call ksrc_drm_of,variant): ours and the tree's for its family
ksrc_drm_of = $(call of_family,$(1),$(KB)/src/drm_mm.c,$(KSRC_DRM_SRC) \
	$(addprefix $(KB)/src/,drm_gpuvm.c drm_exec.c))

# Red-black trees are the tree's, where it has them.
KSRC_NAME = $(if $(KSRC_VERSION),$(KSRC_VERSION)$(comma) $(if $(KSRC_RBTREE),its,our) rbtree)
KSRC_LOCK_SRC := $(if $(KSRC_RBTREE),$(LOCK_SRC:core/lib/rbtree.c=$(KSRC_RBTREE)),$(LOCK_SRC))

# What a tree's header or source warns of is not ours to mend; a call without
# or against its prototype stays an error.
KSRC_CFLAGS := -fms-extensions -Wno-error -Wno-extra \
	$(addprefix -Werror=,implicit-function-declaration implicit-int \
	  int-conversion incompatible-pointer-types return-type)
KSRC_INCLUDE := -I$(KB)/include -Icore/include -Icore -Ibench -DLAB_HOST_KSRC=1 \
	-include kernel/ksrc/base.h
KSRC_CPPFLAGS := $(KSRC_INCLUDE) \
	-include $(KB)/include/generated/features.h -include kernel/ksrc/compat.h

KSRC_SETS := $(addprefix ksrc/,$(KSRC_VARIANTS))
KSRC_ABSENT := $(if $(KSRC_VARIANTS),--absent ksrc:$(KB)/absent)

# Another tree may be older than the objects of the last one, so the stamp and
# not the time of its files says when to compile again. The tree's own files
# get neither the features nor the adapters; their pattern has the shorter stem,
# so it wins over the set's.
TREE_ksrc := $(KB)/stamp
SHARED_ksrc := $(KSRC_LOCK_SRC) $(KSRC_DRM_SRC) $(KB)/src/%
$(eval $(call host,plain,ksrc,$(KSRC_CPPFLAGS),$(KSRC_CFLAGS)))
$(B)/plain/shared/ksrc/all/$(KB)/%.o: $(KB)/%.c $(B)/gen/flags $(TREE_ksrc) | deps
	$(call begin,CC)
	$(Q)$(CC) $(KCFLAGS) $(KSECTIONS) $(KSRC_CFLAGS) -Wno-missing-prototypes $(KSRC_INCLUDE) $(object)

# $(call ksrc_set,variant)
define ksrc_set
$(call set,plain,ksrc,$(1),$(KSRC_CPPFLAGS),$(call ksrc_drm_of,$(1)),$(KSRC_CFLAGS))
endef
$(foreach v,$(KSRC_VARIANTS),$(eval $(call ksrc_set,$v)))

# --- the tests of gpuvm, on the tree's code -----------------------------------
# What passes there and on our core means the same; those that a tree cannot
# express are left out. Linked as tests/rules.mk links them.
KSRC_REFUSED := $(notdir $(basename $(shell grep -l 'define VARIANT_REFUSED' core/variants/*.h)))
ksrc_has = $(filter HAVE_$(1)=1,$(KSRC_FEATURES))
KSRC_TESTED := resv/test_gpuvm $(filter-out mm/%,$(patsubst %,%/test_variant,$(filter-out $(KSRC_REFUSED),$(KSRC_VARIANTS)))) \
	resv/test_gpuvm_sm resv/test_gpuvm_ops resv/test_gpuvm_exec resv/test_drm_exec \
	$(if $(call ksrc_has,DRM_GPUVM_BO_PUT_BOOL),resv/test_gpuvm_bo) \
	$(if $(call ksrc_has,DRM_GPUVM_BO_OBTAIN_PREALLOC_LOCKS),$(if \
	  $(filter immediate,$(KSRC_VARIANTS)),immediate/test_gpuvm_defer))
KSRC_TESTED += $(if $(filter mm/none,$(KSRC_VARIANTS)),$(addprefix mm/none/, \
	  test_drm_mm test_drm_mm_insert test_drm_mm_align test_drm_mm_color test_drm_mm_scan)) \
	$(foreach v,$(filter mm/%,$(KSRC_VARIANTS)),$v/test_mm_variant $v/test_mm_promises) \
	$(if $(filter 6.12.%,$(KSRC_VERSION)),resv/test_layout) \
	$(if $(KSRC_RBTREE),resv/test_rbtree resv/test_interval_tree)
KSRC_TESTS := $(if $(KSRC_VARIANTS),$(KSRC_TESTED:%=$(B)/plain/ksrc/%))

# $(call ksrc_test,variant,test)
define ksrc_test
$(B)/plain/ksrc/$(1)/$(2): $(call objects,plain,ksrc,$(1),tests/$(2).c $(KSRC_LOCK_SRC) $(call ksrc_drm_of,$(1))) \
		$(B)/plain/host/ktest.o $(B)/plain/host/thread.o $(B)/plain/host/host.o
	$$(call say,LINK,$$@)
	$(Q)$(CC) -no-pie $$(LDFLAGS_$(2)) -o $$@ $$^ $(ARCH_LIBS) -lcmocka -lpthread
endef
$(foreach t,$(KSRC_TESTED),$(eval $(call ksrc_test,$(patsubst %/,%,$(dir $t)),$(notdir $t))))

.PHONY: ksrc
ksrc: $(KSRC_TESTS)
