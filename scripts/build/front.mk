# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# One make at a time works in a tree, with all CPUs unless -j says otherwise, and
# several goals are made one after the other, so that none is measured while another
# is compiled or tested. So the make that is typed only calls another one for each
# goal, or for all where all are files below build/, and that waits until no other
# works in this folder (scripts/build/one-make). FRONT is set in the former, which
# then reads no more rules.
#
# Not so make help; make -n, -q and -t, which build nothing but, where the goals want a
# kernel tree, the list of what it has; a make that a recipe or
# a test of this tree calls; and a makefile that includes this one.

GOALS	:= $(MAKECMDGOALS)
FRONT	:=
# The single letters among the flags.
LETTERS	:= $(filter-out --%,$(firstword -$(MAKEFLAGS)))

ifneq ($(filter-out help,$(GOALS)),)
ifeq ($(firstword $(MAKEFILE_LIST)),Makefile)
ifeq ($(findstring n,$(LETTERS))$(findstring q,$(LETTERS))$(findstring t,$(LETTERS)),)
ifeq ($(findstring :$(CURDIR):,:$(LOCKLAB_LOCKED):),)
FRONT	:= y
endif
endif
endif
endif

ifdef FRONT
# Of its command line make hands on all but -o and -W.
FRONT_FILES := $(shell scripts/build/assumed $$PPID)
# What -j said is in MAKEFLAGS while recipes run, not before.
one_make = scripts/build/one-make $(MAKE) --no-print-directory $(FRONT_FILES) \
	$(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: $(sort $(GOALS))
ifneq ($(filter-out build/%,$(GOALS)),)
.NOTPARALLEL:
$(sort $(GOALS)):
	+@$(one_make) $@
else
$(firstword $(GOALS)):
	+@$(one_make) $(GOALS)
$(filter-out $(firstword $(GOALS)),$(sort $(GOALS))): $(firstword $(GOALS))
	@:
endif
endif
