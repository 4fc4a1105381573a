# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What is stated of the atomics of each uncontended path."""

# Path, what it does, what is stated of it. A, R, X: a read-modify-write with
# acquire, release or relaxed ordering; F: a fully ordered one, or a barrier.
STATED = [
    ("nothing", "the measurement itself", ""),
    ("smp_mb", "smp_mb()", "F"),
    ("mutex", "mutex_lock, mutex_unlock", "A R"),
    ("mutex_trylock", "mutex_trylock, mutex_unlock", "A R"),
    ("ww_mutex", "ww_mutex_lock, ww_mutex_unlock; no ctx", "A R"),
    ("ww_mutex_ctx", "ww_mutex_lock, ww_mutex_unlock; ctx", "A F R"),
    ("ww_acquire_init", "ww_acquire_init", "X"),
    ("dma_resv", "dma_resv_lock, dma_resv_unlock; no ctx", "A R"),
    ("dma_resv_ctx", "dma_resv_lock, dma_resv_unlock; ctx", "A F R"),
    ("dma_resv_add_fence", "dma_resv_add_fence replacing one", "X R"),
    ("spinlock", "spin_lock, spin_unlock", "A"),
    ("osq", "osq_lock, osq_unlock", "F R"),
    ("kref", "kref_get, kref_put", "X R"),
    ("refcount_inc_not_zero", "refcount_inc_not_zero", "X"),
    ("dec_and_mutex_lock", "refcount_dec_and_mutex_lock, not the last", "R"),
    ("dec_and_mutex_lock_final",
     "refcount_dec_and_mutex_lock, the last; mutex_unlock", "A R R"),
    ("llist_add", "llist_add", "F"),
    ("llist_del_all", "llist_del_all", "F"),
    ("list", "list_add, list_del", ""),
    ("atomic_add", "atomic_add", "X"),
    ("set_bit", "set_bit", "X"),
    ("clear_bit", "clear_bit", "X"),
    ("clear_bit_unlock", "clear_bit_unlock", "R"),
    ("kzalloc_88", "kzalloc, kfree of 88 bytes", ""),
    ("kzalloc_120", "kzalloc, kfree of 120 bytes", ""),
]

# Of the range allocator: insert, then remove. Removing a node ends with one R of
# the allocator's own, whatever the design.
MM_CALLS = ("insert", "remove")
MM_DESIGNS = {
    "none": ("", "R"),
    "mutex": ("A R", "A R R"),
    "spin": ("A", "A R"),
    "resv": ("", "R"),
    "resv_mutex": ("A R", "A R R"),
    "arc_mutex": ("X A R", "A R R R"),
    "explicit_free": ("A R", "A R R"),
    "guard": ("A R", "A R R"),
}

# Of the vm_bo lists: obtain and link take a reference, put and unlink drop one;
# a drop by one that holds nothing takes what the last put would need.
VM_BO_CALLS = ("batch", "obtain", "put", "link", "unlink", "walk", "drop")
VM_BO_DESIGNS = {
    "none": ("", "X", "R", "X", "R", "", "R"),
    "resv": ("", "X", "R", "X", "R", "", "X A F A F R R R"),
    "gpuva": ("", "A X R", "A R R", "A X R", "A R R", "A R", "A A R R R"),
    "gpuva_coarse": ("A R", "X", "R", "X", "R", "A R", "A A R R R"),
    "immediate": ("", "X X A X R R R R", "R", "A X R", "A R R", "A R", "R"),
    "arc_mutex": ("", "X A X R", "A R R R", "X A X R", "A R R R", "A R",
                  "A R R R"),
    "resv_ref": ("", "X", "X R R", "X", "X R R", "",
                 "X X X A F A F R R R R R"),
    "guard": ("", "X", "R", "X", "R", "", "X A F A F R R R"),
    "list_obj": ("", "A X R", "A R R", "A X R", "A R R", "A R", "A R R"),
}

FAMILIES = {"mm/mm_atomics": (MM_CALLS, MM_DESIGNS),
            "vm_bo_atomics": (VM_BO_CALLS, VM_BO_DESIGNS)}
