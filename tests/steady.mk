# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# That no test turns on luck or on time: what stands for the machine's clock, and
# the target that looks for what was overlooked. Included by rules.mk.

# Tests that time, by fake_clock.c.
FAKE_CLOCKED := $(addprefix $(B)/tests/,test_compare test_counting test_process \
	test_planted)
$(FAKE_CLOCKED): $(B)/tests/fake_clock.o
$(FAKE_CLOCKED): LABLIBS += -Wl,--wrap=clock_gettime,--wrap=getrusage \
	-Wl,--wrap=lab_run_delay,--wrap=lab_steal_now

# Its machine is disturbed.
$(B)/tests/test_planted: LABLIBS += -Wl,--wrap=lab_row_measure,--wrap=lab_row_calibrate \
	-Wl,--wrap=lab_arm_epoch_counted,--wrap=fake_clock_pass \
	-Wl,--wrap=lab_pace_cycle_ns,--wrap=lab_pace_probe_ns,--wrap=lab_pace_wait,--wrap=lab_pace_check \
	-Wl,--wrap=lab_throttled,--wrap=lab_cpu_quota,--wrap=lab_handover_ns \
	-Wl,--wrap=lab_roam,--wrap=lab_roams

# Its CPUs are as far apart as it says.
$(B)/tests/test_handover: LABLIBS += -Wl,--wrap=clock_gettime,--wrap=lab_workers_oversubscribed

# Their cores are quiet when they say so.
$(B)/tests/test_together: LABLIBS += -Wl,--wrap=lab_pace_wait,--wrap=lab_pace_check
$(B)/tests/test_roam: LABLIBS += -Wl,--wrap=lab_pace_wait,--wrap=lab_pace_cycle_ns \
	-Wl,--wrap=lab_cpus_alike,--wrap=lab_cpu_pin,--wrap=lab_workers_need \
	-Wl,--wrap=lab_workers_do,--wrap=lab_together_wait

# Its threads are coroutines.
$(B)/tests/test_window: LABLIBS += -Wl,--wrap=clock_gettime,--wrap=getrusage \
	-Wl,--wrap=lab_workers_need,--wrap=lab_workers_do,--wrap=lab_barrier_wait

# Their machines have other CPUs: above 1024; 0 and 1.
$(B)/tests/test_topology $(B)/tests/test_env: LABLIBS += -Wl,--wrap=sched_getaffinity

# For runs of the whole program.
STEADY_CLOCK := $(B)/tests/steady_clock.so
$(STEADY_CLOCK): tests/steady_clock.c $(B)/gen/labflags | deps
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(filter-out -fno-pie,$(LABCFLAGS)) -D_GNU_SOURCE -fPIC -shared -o $@ $<

# Each test that takes less than a second, REPEAT times.
.PHONY: check-repeat
check-repeat:
	@LOCKLAB=$(B)/locklab tests/run --repeat $(or $(REPEAT),300) $(call option,only,$(TESTS)) $(B)/repeat $(CHECKS)
