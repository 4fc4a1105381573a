// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The fuzzer's hand on one host's drm_mm: compiled once for each, with that
 * host's headers. Nodes have memory of their own, given back when they are
 * removed, so that AddressSanitizer sees whoever still follows them.
 */
#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <drm/drm_mm.h>
#include <drm/drm_print.h>

#include "fuzz/mm_target.h"

struct slot_node {
	struct drm_mm_node node;
	unsigned int slot;
};

static struct drm_mm mm;
static struct drm_mm_scan scan;
static struct mm_space space;
static struct slot_node *slots[MM_SLOTS];

static char text[MM_SLOTS * 160];
static unsigned long text_len;

static long long slot_of(const struct drm_mm_node *node)
{
	if (!node)
		return MM_NONE;
	if (node == &mm.head_node)
		return MM_HEAD;
	return container_of(node, struct slot_node, node)->slot;
}

static void adjust(const struct drm_mm_node *node, unsigned long color,
		   u64 *start, u64 *end)
{
	const struct drm_mm_node *next = list_next_entry(node, node_list);
	struct mm_side before = {
		.there = drm_mm_node_allocated(node),
		.color = drm_mm_node_allocated(node) ? node->color : 0,
	};
	struct mm_side after = {
		.there = drm_mm_node_allocated(next),
		.color = drm_mm_node_allocated(next) ? next->color : 0,
	};

	mm_colour(&space, &before, &after, color, start, end);
}

static void target_open(const struct mm_space *s)
{
	unsigned int i;

	for (i = 0; i < MM_SLOTS; i++) {
		kfree(slots[i]);
		slots[i] = NULL;
	}
	space = *s;
	memset(&mm, 0, sizeof(mm));
	memset(&scan, 0, sizeof(scan));
	WARN_ON(drm_mm_initialized(&mm));
	drm_mm_init(&mm, s->start, s->size);
	WARN_ON(!drm_mm_initialized(&mm));
	WARN_ON(mm.color_adjust);
	if (s->colour != MM_COLOUR_NONE)
		mm.color_adjust = adjust;
}

/* A node starts zeroed, but for one that its removal has left behind. */
static struct drm_mm_node *slot_get(unsigned int slot)
{
	if (!slots[slot]) {
		slots[slot] = kzalloc(sizeof(*slots[slot]), GFP_KERNEL);
		BUG_ON(!slots[slot]);
		slots[slot]->slot = slot;
	}
	return &slots[slot]->node;
}

static void slot_put(unsigned int slot)
{
	kfree(slots[slot]);
	slots[slot] = NULL;
}

static void tell_node(const struct drm_mm_node *node, struct mm_result *res)
{
	res->start = node->start;
	res->size = node->size;
	res->color = node->color;
	res->allocated = drm_mm_node_allocated(node);
}

static void insert(const struct mm_op *op, struct mm_result *res)
{
	struct drm_mm_node *node = slot_get(op->slot);

	switch (op->code) {
	case MM_INSERT_RANGE:
		res->ret = drm_mm_insert_node_in_range(&mm, node, op->size,
						       op->alignment, op->color,
						       op->start, op->end,
						       op->mode);
		break;
	case MM_INSERT_GENERIC:
		res->ret = drm_mm_insert_node_generic(&mm, node, op->size,
						      op->alignment, op->color,
						      op->mode);
		break;
	case MM_INSERT:
		res->ret = drm_mm_insert_node(&mm, node, op->size);
		break;
	case MM_RESERVE:
		node->start = op->start;
		node->size = op->size;
		node->color = op->color;
		res->ret = drm_mm_reserve_node(&mm, node);
		break;
	}
	tell_node(node, res);
	if (res->ret)
		slot_put(op->slot);
}

static void remove(const struct mm_op *op, struct mm_result *res)
{
	struct drm_mm_node *node = &slots[op->slot]->node;

	drm_mm_remove_node(node);
	tell_node(node, res);
	if (!op->keep)
		slot_put(op->slot);
}

static void scan_init(const struct mm_op *op)
{
	if (op->code == MM_SCAN_INIT)
		drm_mm_scan_init(&scan, &mm, op->size, op->alignment, op->color,
				 op->mode);
	else
		drm_mm_scan_init_with_range(&scan, &mm, op->size, op->alignment,
					    op->color, op->start, op->end,
					    op->mode);
}

static void walk_range(const struct mm_op *op, struct mm_result *res)
{
	struct drm_mm_node *node;
	unsigned int nr = 0;

	drm_mm_for_each_node_in_range(node, &mm, op->start, op->end) {
		res->digest = mm_digest(res->digest, slot_of(node));
		if (++nr > MM_SLOTS)
			break;
	}
	res->ret = nr;
}

static void walk_safe(const struct mm_op *op, struct mm_result *res)
{
	struct drm_mm_node *node, *next;
	unsigned int slot;

	drm_mm_for_each_node_safe(node, next, &mm) {
		slot = slot_of(node);
		if (!mm_walk_removes(op->start, slot))
			continue;
		res->digest = mm_digest(res->digest, slot);
		res->ret++;
		drm_mm_remove_node(node);
		slot_put(slot);
	}
}

static void take_text(struct drm_printer *p, const char *line)
{
	unsigned long len = strlen(line);

	if (text_len + len >= sizeof(text))
		return;
	memcpy(text + text_len, line, len + 1);
	text_len += len;
}

static void print(struct mm_result *res)
{
	struct drm_printer p = { .puts = take_text };
	unsigned long i;

	text_len = 0;
	text[0] = 0;
	drm_mm_print(&mm, &p);
	for (i = 0; i < text_len; i++)
		res->digest = mm_digest(res->digest, text[i]);
}

static void target_apply(const struct mm_op *op, struct mm_result *res)
{
	memset(res, 0, sizeof(*res));
	res->slot = MM_NONE;
	switch (op->code) {
	case MM_INSERT_RANGE:
	case MM_INSERT_GENERIC:
	case MM_INSERT:
	case MM_RESERVE:
		insert(op, res);
		break;
	case MM_REMOVE:
		remove(op, res);
		break;
	case MM_SCAN_INIT_RANGE:
	case MM_SCAN_INIT:
		scan_init(op);
		break;
	case MM_SCAN_ADD:
		res->ret = drm_mm_scan_add_block(&scan, &slots[op->slot]->node);
		break;
	case MM_SCAN_REMOVE:
		res->ret = drm_mm_scan_remove_block(&scan,
						    &slots[op->slot]->node);
		break;
	case MM_COLOR_EVICT:
		res->slot = slot_of(drm_mm_scan_color_evict(&scan));
		break;
	case MM_FIRST:
		res->slot = slot_of(__drm_mm_interval_first(&mm, op->start,
							    op->end));
		break;
	case MM_WALK_RANGE:
		walk_range(op, res);
		break;
	case MM_WALK_SAFE:
		walk_safe(op, res);
		break;
	case MM_PRINT:
		print(res);
		break;
	}
}

static void target_state(struct mm_state *st)
{
	struct drm_mm_node *node;
	unsigned int nr = 0;
	u64 start, end;

	drm_mm_for_each_node(node, &mm) {
		st->nodes[nr].start = node->start;
		st->nodes[nr].size = node->size;
		st->nodes[nr].color = node->color;
		st->nodes[nr].slot = slot_of(node);
		if (++nr > MM_SLOTS)
			break;
	}
	st->nr_nodes = nr;
	nr = 0;
	drm_mm_for_each_hole(node, &mm, start, end) {
		st->holes[nr].start = start;
		st->holes[nr].end = end;
		if (++nr > MM_SLOTS + 1)
			break;
	}
	st->nr_holes = nr;
	st->clean = drm_mm_clean(&mm);
	st->scan_active = mm.scan_active;
	st->hit_start = scan.hit_start;
	st->hit_end = scan.hit_end;
}

#define FAULT_UNLESS(cond)						\
	do {								\
		if (!(cond))						\
			return #cond;					\
	} while (0)

#define to_node(rb_node, member)	rb_entry(rb_node, struct drm_mm_node, member)

/* Of a node and of its children, the greatest. */
static u64 hole_max(const struct drm_mm_node *node)
{
	const struct rb_node *child[] = {
		node->rb_hole_addr.rb_left, node->rb_hole_addr.rb_right,
	};
	u64 most = node->hole_size;
	int i;

	for (i = 0; i < 2; i++) {
		if (child[i])
			most = max(most, to_node(child[i], rb_hole_addr)->subtree_max_hole);
	}
	return most;
}

static u64 last_max(const struct drm_mm_node *node)
{
	const struct rb_node *child[] = { node->rb.rb_left, node->rb.rb_right };
	u64 most = node->start + node->size - 1;
	int i;

	for (i = 0; i < 2; i++) {
		if (child[i])
			most = max(most, to_node(child[i], rb)->__subtree_last);
	}
	return most;
}

/* The tree of nodes holds what the list holds; holes are what is between. */
static const char *check_nodes(void)
{
	struct rb_node *rb = rb_first(&mm.interval_tree.rb_root);
	const struct drm_mm_node *prev = &mm.head_node, *node;
	u64 end;

	FAULT_UNLESS(rb == mm.interval_tree.rb_leftmost);
	FAULT_UNLESS(!drm_mm_node_allocated(&mm.head_node));
	drm_mm_for_each_node(node, &mm) {
		FAULT_UNLESS(rb == &node->rb);
		FAULT_UNLESS(node->__subtree_last == last_max(node));
		FAULT_UNLESS(node->mm == &mm);
		FAULT_UNLESS(node->flags == BIT(DRM_MM_NODE_ALLOCATED_BIT));
		FAULT_UNLESS(prev->start + prev->size <= node->start);
		rb = rb_next(rb);
		prev = node;
	}
	FAULT_UNLESS(!rb);
	prev = &mm.head_node;
	do {
		node = list_next_entry(prev, node_list);
		end = prev->start + prev->size;
		FAULT_UNLESS(drm_mm_hole_follows(prev) == (node->start != end));
		FAULT_UNLESS(prev->hole_size == node->start - end);
		if (drm_mm_hole_follows(prev)) {
			FAULT_UNLESS(drm_mm_hole_node_start(prev) == end);
			FAULT_UNLESS(drm_mm_hole_node_end(prev) == node->start);
		}
		prev = node;
	} while (node != &mm.head_node);
	return NULL;
}

/* Both trees of holes hold what the stack holds, each in its order. */
static const char *check_holes(void)
{
	const struct drm_mm_node *node, *prev = NULL;
	struct rb_node *rb;
	long nr = 0;

	list_for_each_entry(node, &mm.hole_stack, hole_stack) {
		FAULT_UNLESS(node->hole_size);
		nr++;
	}
	for (rb = rb_first(&mm.holes_addr); rb; rb = rb_next(rb), nr--) {
		node = to_node(rb, rb_hole_addr);
		FAULT_UNLESS(nr > 0);
		FAULT_UNLESS(node->subtree_max_hole == hole_max(node));
		FAULT_UNLESS(!prev || drm_mm_hole_node_start(prev) <
				      drm_mm_hole_node_start(node));
		prev = node;
	}
	FAULT_UNLESS(!nr);
	prev = NULL;
	rb = rb_first(&mm.holes_size.rb_root);
	FAULT_UNLESS(rb == mm.holes_size.rb_leftmost);
	for (; rb; rb = rb_next(rb), nr++) {
		node = to_node(rb, rb_hole_size);
		FAULT_UNLESS(!prev || prev->hole_size >= node->hole_size);
		prev = node;
	}
	list_for_each_entry(node, &mm.hole_stack, hole_stack)
		nr--;
	FAULT_UNLESS(!nr);
	return NULL;
}

static const char *target_check(void)
{
	const char *fault = check_nodes();

	return fault ?: check_holes();
}

static const char *target_text(void)
{
	return text;
}

static void target_close(void)
{
	unsigned int i;

	drm_mm_takedown(&mm);
	for (i = 0; i < MM_SLOTS; i++)
		slot_put(i);
}

extern const struct mm_target mm_target;
const struct mm_target mm_target = {
	.name = FUZZ_TARGET_NAME,
	.open = target_open,
	.apply = target_apply,
	.state = target_state,
	.check = target_check,
	.text = target_text,
	.close = target_close,
};
