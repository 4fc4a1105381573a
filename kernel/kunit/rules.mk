# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# The kernel's own KUnit test of drm_mm, unmodified, over a KUnit of ours: once
# with our drm_mm and once with the tree's, which shows that a failure is not
# KUnit's. Included by tests/rules.mk after its flavours and before the checks.
#
#   make kunit [KSRC=dir] [CASE=glob] [SEED=n] [BUILDS="own ksrc"]
#
# BUILDS are own, own-debug (lockdep, and every invariant looked at after each
# operation), own-asan and ksrc, each build/kunit/<name>/drm_mm_test.
# Gives KUNIT_CHECKS and KUNIT_FILES for make check, and KUNIT_VERSION. A tree
# is looked for when KSRC names one or the goal is kunit or check; only kunit
# installs Debian's. One without the test is a skip with a reason.

KT	:= $(B)/kunit/tree

ifneq (,$(or $(KSRC),$(filter kunit check check-repeat,$(MAKECMDGOALS))))
ifneq (,$(filter-out clean help,$(or $(MAKECMDGOALS),all)))
include $(B)/kunit/kunit.mk
endif
endif

# After the ksrc host's links: both may want to unpack Debian's tree.
$(B)/kunit/kunit.mk: FORCE $(if $(KSRC_WANTED),$(KB)/stamp) | deps
	@kernel/kunit/prepare $(if $(filter kunit,$(MAKECMDGOALS)),--install) \
		$(B) $(call quote,$(KSRC))
$(KT)/stamp: $(B)/kunit/kunit.mk ;

KUNIT_OURS := kunit check resource
KUNIT_OWN_MM := $(MM_SRC:%.c=%.o)
KUNIT_INCLUDE_own := -Ikernel/kunit/include -Icore/include -Icore
KUNIT_TREE_ksrc := $(KT)/stamp
KUNIT_INCLUDE_ksrc := -Ikernel/kunit/include -I$(KT)/include -Icore/include -Icore
# What a tree's file warns of is not ours to mend; some messages are empty.
KUNIT_TREE_CFLAGS := $(KSRC_CFLAGS) -Wno-missing-prototypes \
	-Wno-format-zero-length -include kernel/ksrc/base.h

# $(call kunit,name,host,flavour of the core's objects,flags,drm_mm objects,
# test objects): build/kunit/name/drm_mm_test. All that knows struct drm_mm is
# compiled with the same flags.
define kunit
$(B)/kunit/$(1)/%.o: kernel/kunit/%.c $(B)/gen/flags $(KUNIT_TREE_$(2)) | deps
	$$(call begin,CC)
	$(Q)$(CC) $(KCFLAGS) $(4) $(KUNIT_INCLUDE_$(2)) $$(object)
$(B)/kunit/$(1)/main.o: kernel/kunit/main.c $(B)/gen/labflags | deps
	$$(call begin,CC)
	$(Q)$(CC) $(LABCFLAGS) $(4) $(LABCPPFLAGS) $$(object)
$(B)/kunit/$(1)/%.o: %.c $(B)/gen/flags $(KUNIT_TREE_$(2)) | deps
	$$(call begin,CC)
	$(Q)$(CC) $(KCFLAGS) $(4) $(KUNIT_INCLUDE_$(2)) $$(object)
$(B)/kunit/$(1)/$(KT)/src/%.o: $(KT)/src/%.c $(KT)/stamp $(B)/gen/flags | deps
	$$(call begin,CC)
	$(Q)$(CC) $(KCFLAGS) $(4) $(KUNIT_TREE_CFLAGS) $(KUNIT_INCLUDE_$(2)) $$(object)
$(B)/kunit/$(1)/drm_mm_test: $(addprefix $(B)/kunit/$(1)/,$(KUNIT_OURS:%=%.o) main.o $(5) $(6)) \
		$(call objects,$(3),own,resv,$(LOCK_SRC)) $(B)/$(3)/host/host.o
	$$(call say,LINK,$$@)
	$(Q)$(CC) -no-pie $(FLAGS_$(3)) $$(LDFLAGS_kunit_$(1)) -o $$@ $$(filter %.o,$$^) -lpthread
endef

KUNIT_TREE_TEST := replace.o $(KUNIT_TESTS:%.c=$(KT)/src/%.o)
$(eval $(call kunit,own,own,plain,,$(KUNIT_OWN_MM),$(KUNIT_TREE_TEST)))
$(eval $(call kunit,own-debug,own,lockdep,$(FLAGS_lockdep),$(KUNIT_OWN_MM),$(KUNIT_TREE_TEST)))
$(eval $(call kunit,own-asan,own,asan,$(FLAGS_asan),$(KUNIT_OWN_MM),$(KUNIT_TREE_TEST)))
$(eval $(call kunit,ksrc,ksrc,plain,,$(KT)/src/drm_mm.o,$(KUNIT_TREE_TEST)))

# That it can fail: cases of our own, and a drm_mm that is broken by its caller.
KUNIT_MUTANTS := remove_node insert_node_in_range reserve_node
$(eval $(call kunit,sample,own,plain,,,tests/kunit_sample.o))
$(foreach m,$(KUNIT_MUTANTS),$(eval LDFLAGS_kunit_mutant-$m := -Wl,--wrap=drm_mm_$m)\
	$(eval $(call kunit,mutant-$m,own,plain,,$(KUNIT_OWN_MM),$(KUNIT_TREE_TEST) tests/kunit_mutant.o)))

# There every operation looks at every node: fewer of both where a test lets
# them be chosen (to Linux 6.8: three minutes), and not the case that only times.
KUNIT_ARGS_own-debug := --param max_iterations=128 --param max_prime=4 \
	--skip "drm_test_mm_frag=it times 40000 nodes, which are all looked at here each time"

KUNIT_BUILDS := own own-debug own-asan ksrc
KUNIT_FILES := $(patsubst %,$(B)/kunit/%/drm_mm_test,sample $(if $(KUNIT_TESTS),\
	$(KUNIT_BUILDS) $(KUNIT_MUTANTS:%=mutant-%)))
KUNIT_CHECKS = 'tests/test_kunit $(B)/kunit' \
	$(if $(KUNIT_TESTS),$(foreach b,$(KUNIT_BUILDS),\
		'$(B)/kunit/$b/drm_mm_test $(KUNIT_ARGS_$b)'),\
	  'kernel/kunit/absent $(B)')

BUILDS	:= own ksrc
.PHONY: kunit
KUNIT_WRONG := $(if $(BUILDS),$(filter-out $(KUNIT_BUILDS),$(BUILDS)),none)
kunit: $(if $(KUNIT_WRONG),,$(if $(KUNIT_TESTS),$(BUILDS:%=$(B)/kunit/%/drm_mm_test)))
	@$(if $(KUNIT_WRONG),echo "locklab: BUILDS="$(call quote,$(BUILDS))": name some of $(KUNIT_BUILDS)" >&2; exit 2)
	@$(if $(KUNIT_TESTS),,kernel/kunit/absent $(B))
	@$(foreach b,$(BUILDS),echo '# $b, with the test of $(KUNIT_VERSION)'; \
		$(B)/kunit/$b/drm_mm_test $(KUNIT_ARGS_$b) \
			$(call option,seed,$(SEED)) \
			$(if $(CASE),$(call quote,$(CASE))) || failed=1;) \
	 exit $${failed:-0}
