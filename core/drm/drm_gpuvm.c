// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * GPU virtual address spaces: the VM and its tree of VAs.
 *
 * The tree and the ordered list beside it hold the same VAs. Nothing here
 * takes a lock or asserts one: the driver serialises each VM. A VA in the tree
 * holds a reference to the VM, so a VM that is not empty cannot be freed;
 * drivers unmap everything before they drop theirs.
 */
#include <linux/interval_tree_generic.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <drm/drm_drv.h>
#include <drm/drm_gpuvm.h>

#define VA_FIRST(node)	((node)->va.addr)
#define VA_LAST(node)	((node)->va.addr + (node)->va.range - 1)

INTERVAL_TREE_DEFINE(struct drm_gpuva, rb.node, u64, rb.__subtree_last,
		     VA_FIRST, VA_LAST, static __maybe_unused, va_tree)

static void resv_object_free(struct drm_gem_object *obj)
{
	drm_gem_object_release(obj);
	kfree(obj);
}

static const struct drm_gem_object_funcs resv_object_funcs = {
	.free = resv_object_free,
};

/**
 * drm_gpuvm_resv_object_alloc() - make an object whose resv a VM can have
 * @drm: the device
 *
 * Return: an object of no size with one reference, or NULL.
 */
struct drm_gem_object *drm_gpuvm_resv_object_alloc(struct drm_device *drm)
{
	struct drm_gem_object *r_obj = kzalloc(sizeof(*r_obj), GFP_KERNEL);

	if (r_obj) {
		r_obj->funcs = &resv_object_funcs;
		drm_gem_private_object_init(drm, r_obj, 0);
	}
	return r_obj;
}

static bool end_overflows(struct drm_gpuvm *gpuvm, u64 addr, u64 range)
{
	u64 end;

	return drm_WARN(gpuvm->drm, check_add_overflow(addr, range, &end),
			"%s: a range ends above 2^64", gpuvm->name);
}

/**
 * drm_gpuvm_range_valid() - may a VA stand here?
 * @gpuvm: the VM
 * @addr: address
 * @range: length in bytes; 0 is not refused
 *
 * Return: whether the range lies in the VM and outside its reserved range.
 */
bool drm_gpuvm_range_valid(struct drm_gpuvm *gpuvm, u64 addr, u64 range)
{
	const struct drm_gpuva *kernel = &gpuvm->kernel_alloc_node;
	u64 end;

	if (check_add_overflow(addr, range, &end))
		return false;
	if (addr < gpuvm->mm_start || end > gpuvm->mm_start + gpuvm->mm_range)
		return false;
	return !kernel->va.range || end <= kernel->va.addr ||
	       addr >= kernel->va.addr + kernel->va.range;
}

/* Into the tree, and on the list behind the VA before it. */
static void tree_add(struct drm_gpuvm *gpuvm, struct drm_gpuva *va)
{
	struct list_head *pos = &gpuvm->rb.list;
	struct rb_node *prev;

	va_tree_insert(va, &gpuvm->rb.tree);
	prev = rb_prev(&va->rb.node);
	if (prev)
		pos = &rb_entry(prev, struct drm_gpuva, rb.node)->rb.entry;
	list_add(&va->rb.entry, pos);
	va->vm = gpuvm;
}

static void tree_del(struct drm_gpuva *va)
{
	va_tree_remove(va, &va->vm->rb.tree);
	list_del_init(&va->rb.entry);
}

static void kernel_node_add(struct drm_gpuvm *gpuvm, u64 addr, u64 range)
{
	struct drm_gpuva *node = &gpuvm->kernel_alloc_node;

	memset(node, 0, sizeof(*node));
	if (!range || end_overflows(gpuvm, addr, range))
		return;
	drm_gpuva_init(node, addr, range, NULL, 0);
	tree_add(gpuvm, node);
}

/**
 * drm_gpuvm_init() - set up a VM
 * @gpuvm: zeroed
 * @name: for people, or NULL
 * @flags: how it is used
 * @drm: the device; a reference is taken
 * @r_obj: its resv becomes the VM's; a reference is taken
 * @start_offset: first address
 * @range: length in bytes; an end above 2^64 only warns
 * @reserve_offset: first address that no VA may use
 * @reserve_range: length of that range, or 0
 * @ops: the driver's functions
 *
 * The VM has one reference then.
 */
void drm_gpuvm_init(struct drm_gpuvm *gpuvm, const char *name,
		    enum drm_gpuvm_flags flags, struct drm_device *drm,
		    struct drm_gem_object *r_obj, u64 start_offset, u64 range,
		    u64 reserve_offset, u64 reserve_range,
		    const struct drm_gpuvm_ops *ops)
{
	kref_init(&gpuvm->kref);
	gpuvm->flags = flags;
	gpuvm->name = name ?: "unknown";
	gpuvm->ops = ops;

	gpuvm->rb.tree = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&gpuvm->rb.list);
	INIT_LIST_HEAD(&gpuvm->evict.list);
	INIT_LIST_HEAD(&gpuvm->extobj.list);
	spin_lock_init(&gpuvm->evict.lock);
	spin_lock_init(&gpuvm->extobj.lock);
#if VARIANT_IMMEDIATE
	init_llist_head(&gpuvm->bo_defer);
#endif

	gpuvm->drm = drm;
	drm_dev_get(gpuvm->drm);
	drm_gem_object_get(r_obj);
	gpuvm->r_obj = r_obj;

	end_overflows(gpuvm, start_offset, range);
	gpuvm->mm_range = range;
	gpuvm->mm_start = start_offset;
	kernel_node_add(gpuvm, reserve_offset, reserve_range);
}

static void warn_if_used(struct drm_gpuvm *gpuvm)
{
	drm_WARN(gpuvm->drm, !RB_EMPTY_ROOT(&gpuvm->rb.tree.rb_root),
		 "%s: freed with VAs in its tree", gpuvm->name);
	drm_WARN(gpuvm->drm, !list_empty(&gpuvm->extobj.list),
		 "%s: freed with external objects", gpuvm->name);
	drm_WARN(gpuvm->drm, !list_empty(&gpuvm->evict.list),
		 "%s: freed with evicted objects", gpuvm->name);
#if VARIANT_IMMEDIATE
	drm_WARN(gpuvm->drm, !llist_empty(&gpuvm->bo_defer),
		 "%s: freed with vm_bos to clean up", gpuvm->name);
#endif
}

/* Out of line, so that a put that is not the last saves no register. */
static noinline void vm_release(struct kref *kref)
{
	struct drm_gpuvm *gpuvm = container_of(kref, struct drm_gpuvm, kref);
	struct drm_device *drm = gpuvm->drm;

	if (gpuvm->kernel_alloc_node.va.range)
		tree_del(&gpuvm->kernel_alloc_node);
	warn_if_used(gpuvm);
	drm_gem_object_put(gpuvm->r_obj);

	if (drm_WARN_ON(drm, !gpuvm->ops->vm_free))
		return;
	gpuvm->ops->vm_free(gpuvm);
	drm_dev_put(drm);
}

/**
 * drm_gpuvm_put() - drop a reference, maybe the last
 * @gpuvm: the VM, or NULL
 *
 * Does not sleep, unless the driver's vm_free() does.
 */
void drm_gpuvm_put(struct drm_gpuvm *gpuvm)
{
	if (gpuvm)
		kref_put(&gpuvm->kref, vm_release);
}

/**
 * drm_gpuva_insert() - put a VA in the tree
 * @gpuvm: the VM
 * @va: the VA, initialised
 *
 * The caller serialises the VM.
 *
 * Return: 0; -EINVAL when the range is not valid; -EEXIST when it overlaps.
 */
int drm_gpuva_insert(struct drm_gpuvm *gpuvm, struct drm_gpuva *va)
{
	if (unlikely(!drm_gpuvm_range_valid(gpuvm, va->va.addr, va->va.range)))
		return -EINVAL;
	if (unlikely(drm_gpuva_find_first(gpuvm, va->va.addr, va->va.range)))
		return -EEXIST;
	tree_add(gpuvm, va);
	drm_gpuvm_get(gpuvm);
	return 0;
}

/**
 * drm_gpuva_remove() - take a VA out of the tree
 * @va: the VA; the reserved range is refused with a warning
 *
 * The caller serialises the VM. May drop the VM's last reference.
 */
void drm_gpuva_remove(struct drm_gpuva *va)
{
	struct drm_gpuvm *gpuvm = va->vm;

	if (unlikely(&gpuvm->kernel_alloc_node == va)) {
		drm_WARN(gpuvm->drm, 1, "%s: the reserved range stays",
			 gpuvm->name);
		return;
	}
	tree_del(va);
	/* Read again, which is less than to keep it across the call. */
	kref_put(&va->vm->kref, vm_release);
}

/**
 * drm_gpuva_find_first() - the first VA that overlaps a range
 * @gpuvm: the VM
 * @addr: address
 * @range: length in bytes; not 0
 *
 * The caller serialises the VM, as for all of these.
 *
 * Return: the VA, or NULL.
 */
struct drm_gpuva *drm_gpuva_find_first(struct drm_gpuvm *gpuvm, u64 addr,
				       u64 range)
{
	return va_tree_iter_first(&gpuvm->rb.tree, addr, addr + range - 1);
}

/**
 * drm_gpuva_find() - the VA that is exactly a range
 * @gpuvm: the VM
 * @addr: address
 * @range: length in bytes
 *
 * Return: the VA, or NULL.
 */
struct drm_gpuva *drm_gpuva_find(struct drm_gpuvm *gpuvm, u64 addr, u64 range)
{
	struct drm_gpuva *first = drm_gpuva_find_first(gpuvm, addr, range);

	if (first && first->va.addr == addr && first->va.range == range)
		return first;
	return NULL;
}

/**
 * drm_gpuva_find_prev() - the VA before an address
 * @gpuvm: the VM
 * @start: the address
 *
 * As in the kernel, when nothing ends at @start this finds the VA that begins
 * there.
 *
 * Return: the VA, or NULL.
 */
struct drm_gpuva *drm_gpuva_find_prev(struct drm_gpuvm *gpuvm, u64 start)
{
	if (drm_gpuvm_range_valid(gpuvm, start - 1, 1))
		return drm_gpuva_find_first(gpuvm, start - 1, 2);
	return NULL;
}

/**
 * drm_gpuva_find_next() - the VA behind an address
 * @gpuvm: the VM
 * @end: the address
 *
 * As in the kernel, a VA that begins one byte further counts, too.
 *
 * Return: the VA, or NULL.
 */
struct drm_gpuva *drm_gpuva_find_next(struct drm_gpuvm *gpuvm, u64 end)
{
	if (drm_gpuvm_range_valid(gpuvm, end, 1))
		return drm_gpuva_find_first(gpuvm, end, 2);
	return NULL;
}

/**
 * drm_gpuvm_interval_empty() - does no VA overlap a range?
 * @gpuvm: the VM
 * @addr: address
 * @range: length in bytes; not 0
 */
bool drm_gpuvm_interval_empty(struct drm_gpuvm *gpuvm, u64 addr, u64 range)
{
	return !drm_gpuva_find_first(gpuvm, addr, range);
}

/*
 * What the driver prepared goes into the tree as an operation says. As in the
 * kernel, nobody looks whether it does: operations are made from the tree, and
 * are wrong only when it has changed since.
 */
static void insert_from_op(struct drm_gpuvm *gpuvm, struct drm_gpuva *va,
			   const struct drm_gpuva_op_map *op)
{
	drm_gpuva_init_from_op(va, op);
	drm_gpuva_insert(gpuvm, va);
}

/**
 * drm_gpuva_map() - put a new VA in the tree
 * @gpuvm: the VM
 * @va: the VA, in no tree; not linked here
 * @op: what it maps
 *
 * The caller serialises the VM, as for all of these.
 */
void drm_gpuva_map(struct drm_gpuvm *gpuvm, struct drm_gpuva *va,
		   struct drm_gpuva_op_map *op)
{
	insert_from_op(gpuvm, va, op);
}

/**
 * drm_gpuva_remap() - replace a VA by what is left of it
 * @prev: a VA in no tree for what is left before; not used if @op has no prev
 * @next: the same behind
 * @op: what is left; its VA leaves the tree, still linked
 */
void drm_gpuva_remap(struct drm_gpuva *prev, struct drm_gpuva *next,
		     struct drm_gpuva_op_remap *op)
{
	struct drm_gpuva *old = op->unmap->va;
	struct drm_gpuvm *gpuvm = old->vm;

	drm_gpuva_remove(old);
	if (op->prev)
		insert_from_op(gpuvm, prev, op->prev);
	if (op->next)
		insert_from_op(gpuvm, next, op->next);
}

/**
 * drm_gpuva_unmap() - take a VA out of the tree
 * @op: which; it stays linked
 */
void drm_gpuva_unmap(struct drm_gpuva_op_unmap *op)
{
	drm_gpuva_remove(op->va);
}
