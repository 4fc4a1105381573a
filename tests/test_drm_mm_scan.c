// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The range allocator: eviction scans; those with colours are in another file. */
#include "mm_world.h"

#define BEST	DRM_MM_INSERT_BEST
#define LOW	DRM_MM_INSERT_LOW
#define HIGH	DRM_MM_INSERT_HIGH
#define EVICT	DRM_MM_INSERT_EVICT

static struct drm_mm_scan scan;

static void begin(u64 size, u64 align, u64 start, u64 end,
		  enum drm_mm_insert_mode mode)
{
	drm_mm_scan_init_with_range(&scan, &world.now.mm, size, align, 0, start,
				    end, mode);
	KT_EQ(scan.hit_start, U64_MAX);
	KT_EQ(scan.hit_end, 0);
}

/* The last one's answer is @hit, those of all others are no. */
static void add(const char *letters, bool hit)
{
	for (; *letters; letters++) {
		struct drm_mm_node *node = node_of(*letters);

		KT_EQ(drm_mm_scan_add_block(&scan, node), hit && !letters[1]);
		KT_CHECK(drm_mm_node_allocated(node));
		KT_CHECK(test_bit(DRM_MM_NODE_SCANNED_BIT, &node->flags));
		KT_EQ(drm_mm_verify(&world.now.mm), NULL);
	}
}

/* Out again in reverse; @evicted are those to evict, in that order. */
static void end(const char *letters, const char *evicted)
{
	unsigned int n = strlen(letters);

	KT_EQ(world.now.mm.scan_active, n);
	while (n--) {
		struct drm_mm_node *node = node_of(letters[n]);
		bool evict = drm_mm_scan_remove_block(&scan, node);

		KT_CHECK(!test_bit(DRM_MM_NODE_SCANNED_BIT, &node->flags));
		KT_EQ(evict, *evicted == letters[n]);
		evicted += evict;
		KT_EQ(world.now.mm.scan_active, n);
	}
	KT_CHECK(!*evicted);
	KT_EQ(mm_broken(&world.now.mm), NULL);
}

/* What the caller does with a hit: evict, then insert where it was found. */
static void fill(const char *evicted, u64 size, u64 align, u64 start, u64 last)
{
	drop_each(evicted);
	KT_EQ(drm_mm_scan_color_evict(&scan), NULL);
	KT_EQ(put_at('z', size, align, 0, start, last,
		     scan.mode == HIGH ? HIGH : EVICT), 0);
	KT_EQ(node_of('z')->start, scan.hit_start);
	KT_EQ(node_of('z')->size, scan.hit_end - scan.hit_start);
}

static int test_init(void)
{
	draw("a");
	drm_mm_scan_init(&scan, &world.now.mm, 3, 1, 5, EVICT);
	KT_EQ(scan.mm, &world.now.mm);
	KT_EQ(scan.size, 3);
	KT_EQ(scan.alignment, 0);
	KT_EQ(scan.range_start, 0);
	KT_EQ(scan.range_end, U64_MAX);
	KT_EQ(scan.color, 5);
	KT_EQ(scan.mode, EVICT);
	KT_EQ(scan.hit_start, U64_MAX);
	KT_EQ(scan.hit_end, 0);
	drm_mm_scan_init_with_range(&scan, &world.now.mm, 1, 16, 0, 2, 3, LOW);
	KT_EQ(scan.alignment, 16);
	KT_EQ(scan.remainder_mask, 15);
	KT_EQ(scan.range_start, 2);
	KT_EQ(scan.range_end, 3);
	/* To begin one is to do nothing. */
	KT_EQ(world.now.mm.scan_active, 0);
	LOOKS("a");
	wipe();
	return 0;
}

static int test_hit(void)
{
	draw("aabbccdd");
	begin(3, 0, 0, U64_MAX, BEST);
	add("bc", true);
	KT_EQ(scan.hit_start, 2);
	KT_EQ(scan.hit_end, 5);
	/* Found by address, too, all the while. */
	KT_EQ(__drm_mm_interval_first(&world.now.mm, 2, 5), node_of('b'));
	end("bc", "cb");
	LOOKS("aabbccdd");
	fill("bc", 3, 0, 0, U64_MAX);
	LOOKS("aazzz.dd");
	wipe();
	return 0;
}

/* Those beside the hit stay. */
static int test_some_stay(void)
{
	draw("aabbccddee");
	begin(3, 0, 0, U64_MAX, LOW);
	add("ecab", true);
	KT_EQ(scan.hit_start, 0);
	KT_EQ(scan.hit_end, 3);
	end("ecab", "ba");
	fill("ba", 3, 0, 0, U64_MAX);
	LOOKS("zzz.ccddee");
	wipe();

	draw("aabbccddee");
	begin(3, 0, 0, U64_MAX, HIGH);
	add("ecab", true);
	KT_EQ(scan.hit_start, 3);
	KT_EQ(scan.hit_end, 6);
	end("ecab", "bc");
	fill("bc", 3, 0, 0, U64_MAX);
	LOOKS("aa.zzzddee");
	wipe();
	return 0;
}

/* With the holes at both sides, but not with a hole that was there before. */
static int test_holes_count(void)
{
	draw("....a..b.c");
	begin(4, 0, 0, U64_MAX, LOW);
	add("b", true);
	KT_EQ(scan.hit_start, 5);
	end("b", "b");
	fill("b", 4, 0, 0, U64_MAX);
	LOOKS("....azzzzc");
	wipe();

	draw("....a.b");
	begin(3, 0, 0, U64_MAX, HIGH);
	add("b", false);
	end("b", "");
	LOOKS("....a.b");
	wipe();
	return 0;
}

static int test_no_hit(void)
{
	draw("aabb..cc");
	begin(9, 0, 0, U64_MAX, LOW);
	add("cab", false);
	KT_EQ(scan.hit_start, U64_MAX);
	KT_EQ(scan.hit_end, 0);
	end("cab", "");
	LOOKS("aabb..cc");
	begin(7, 0, 0, 7, LOW);
	add("ab", false);
	end("ab", "");
	/* It may be tried again with another one. */
	begin(6, 0, 0, 7, LOW);
	add("ba", true);
	end("ba", "ab");
	fill("ba", 6, 0, 0, 7);
	LOOKS("zzzzzzcc");
	wipe();
	return 0;
}

/* The last hit is the one that counts. */
static int test_two_hits(void)
{
	draw("aabbccdd");
	begin(2, 0, 0, U64_MAX, LOW);
	add("d", true);
	KT_EQ(scan.hit_start, 6);
	KT_CHECK(drm_mm_scan_add_block(&scan, node_of('b')));
	KT_EQ(scan.hit_start, 2);
	KT_EQ(scan.hit_end, 4);
	end("db", "b");
	fill("b", 2, 0, 0, U64_MAX);
	LOOKS("aazzccdd");
	wipe();

	/* A later no leaves it as it was. */
	draw("aaabcc");
	begin(2, 0, 0, U64_MAX, LOW);
	add("a", true);
	KT_CHECK(drm_mm_scan_add_block(&scan, node_of('c')));
	KT_EQ(scan.hit_start, 4);
	end("ac", "c");
	wipe();

	draw("aabcddd");
	begin(2, 0, 0, U64_MAX, LOW);
	add("a", true);
	KT_CHECK(!drm_mm_scan_add_block(&scan, node_of('c')));
	KT_EQ(scan.hit_start, 0);
	KT_EQ(scan.hit_end, 2);
	end("ac", "a");
	wipe();
	return 0;
}

/* Nodes that were added merge whatever their order; a hit needs all of them. */
static int test_any_order(void)
{
	unsigned int i, k, bit;

	for (i = 0; i < 24; i++) {
		char order[5] = "bcde", back[5] = "";

		for (k = 3, bit = i; k; bit /= k + 1, k--)
			swap(order[k], order[bit % (k + 1)]);
		for (k = 0; k < 4; k++)
			back[k] = order[3 - k];
		draw("abbc.dddeef");
		begin(9, 0, 0, U64_MAX, LOW);
		add(order, true);
		KT_EQ(scan.hit_start, 1);
		KT_EQ(scan.hit_end, 10);
		end(order, back);
		LOOKS("abbc.dddeef");
		fill(order, 9, 0, 0, U64_MAX);
		LOOKS("azzzzzzzzzf");
		wipe();
	}
	return 0;
}

static int test_align(void)
{
	/* The addresses are 33 to 44. */
	draw_at(33, "aabbccddeeff");
	begin(2, 8, 0, U64_MAX, LOW);
	add("ab", false);
	add("f", false);
	add("ced", true);
	KT_EQ(scan.hit_start, 40);
	end("abfced", "de");
	LOOKS("aabbccddeeff");
	fill("de", 2, 8, 0, U64_MAX);
	LOOKS("aabbcc.zz.ff");
	wipe();

	draw_at(33, "aabbccddeeff");
	begin(3, 5, 0, U64_MAX, HIGH);
	add("ef", false);
	add("d", true);
	KT_EQ(scan.hit_start, 40);
	KT_EQ(scan.hit_end, 43);
	end("efd", "de");
	fill("de", 3, 5, 0, U64_MAX);
	LOOKS("aabbcc.zzzff");
	wipe();

	/* Aligned down it leaves the gap, aligned up it has no room. */
	draw_at(33, "aabbccdd");
	begin(2, 16, 0, U64_MAX, HIGH);
	add("abcd", false);
	end("abcd", "");
	begin(2, 8, 0, U64_MAX, LOW);
	add("dcba", false);
	end("dcba", "");
	wipe();
	return 0;
}

static int test_align_wraps(void)
{
	draw_at(U64_MAX - 9, "aabbccdde");
	begin(1, 1ull << 63, 0, U64_MAX, LOW);
	add("abcde", false);
	end("abcde", "");
	begin(1, U64_MAX, 0, U64_MAX, LOW);
	add("edcba", false);
	end("edcba", "");
	begin(3, 4, 0, U64_MAX, LOW);
	add("ea", false);
	add("d", true);
	KT_EQ(scan.hit_start, U64_MAX - 3);
	end("ead", "de");
	LOOKS("aabbccdde");
	fill("de", 3, 4, 0, U64_MAX);
	LOOKS("aabbcczzz");
	wipe();
	return 0;
}

static int test_range(void)
{
	draw("aabbccddee");
	begin(2, 0, 3, 7, LOW);
	add("ae", false);
	add("b", false);
	add("c", true);
	KT_EQ(scan.hit_start, 3);
	KT_EQ(scan.hit_end, 5);
	end("aebc", "cb");
	fill("cb", 2, 0, 3, 7);
	LOOKS("aa.zz.ddee");
	wipe();

	draw("aabbccddee");
	begin(2, 0, 3, 7, HIGH);
	add("ed", false);
	add("c", true);
	KT_EQ(scan.hit_start, 5);
	KT_EQ(scan.hit_end, 7);
	end("edc", "cd");
	fill("cd", 2, 0, 3, 7);
	LOOKS("aabb.zz.ee");
	wipe();

	/* As large as the range, which no gap reaches across. */
	draw("aabbcc");
	begin(3, 0, 1, 4, LOW);
	add("acb", true);
	end("acb", "ba");
	fill("ba", 3, 0, 1, 4);
	LOOKS(".zzzcc");
	begin(1, 0, 6, 9, LOW);
	add("cz", false);
	end("cz", "");
	wipe();
	return 0;
}

/* Not removed from the allocator: it is dirty, though its list be empty. */
static int test_open(void)
{
	draw("ab");
	begin(2, 0, 0, U64_MAX, LOW);
	add("ba", true);
	KT_EQ(world.now.mm.scan_active, 2);
	KT_CHECK(drm_mm_clean(&world.now.mm));
#ifndef CONFIG_DRM_DEBUG_MM
	drm_mm_takedown(&world.now.mm);
	KT_WARNINGS(0);
#endif
	end("ba", "ab");
	KT_CHECK(!drm_mm_clean(&world.now.mm));
	wipe();
	return 0;
}

/* A letter that is not in use. */
static char free_letter(void)
{
	char letter = 'a';

	while (letter < 'z' && drm_mm_node_allocated(node_of(letter)))
		letter++;
	return letter;
}

static void shuffle(char *letters, unsigned int n, unsigned long *seed)
{
	unsigned int k;

	for (; n > 1; n--) {
		k = kt_random(seed) % n;
		swap(letters[n - 1], letters[k]);
	}
}

/*
 * What drivers do: insert; without room walk all nodes in some order until there
 * is a hit, which there is at last; evict; insert, which ends where the scan said.
 */
static void insert_or_evict(unsigned long *seed)
{
	char order[NR_NODES + 1] = "", evict[NR_NODES + 1] = "";
	u64 size = 1 + kt_random(seed) % 12, align = 1 + kt_random(seed) % 9;
	enum drm_mm_insert_mode mode = kt_random(seed) % 4;
	unsigned int n = 0, nr = 0, i;
	struct drm_mm_node *node;
	bool hit = false;

	if (!put_aligned(free_letter(), size, align, mode))
		return;
	drm_mm_for_each_node(node, &world.now.mm)
		order[n++] = letter_of(node);
	shuffle(order, n, seed);
	begin(size, align, 0, U64_MAX, mode);
	for (i = 0; i < n && !hit; i++)
		hit = drm_mm_scan_add_block(&scan, node_of(order[i]));
	while (i--)
		if (drm_mm_scan_remove_block(&scan, node_of(order[i])))
			evict[nr++] = order[i];
	KT_CHECK(hit && nr);
	KT_EQ(mm_broken(&world.now.mm), NULL);
	drop_each(evict);
	KT_EQ(put_aligned(evict[0], size, align, mode), 0);
	KT_EQ(node_of(evict[0])->start, scan.hit_start);
	KT_EQ(mm_broken(&world.now.mm), NULL);
}

static int test_many(void)
{
	unsigned long seed = 8;
	unsigned int i;

	draw_at(1000, "aaabbcddddeeeeeffghhiiijjjjkkkkkklmm");
	for (i = 0; i < 20000; i++)
		insert_or_evict(&seed);
	wipe();
	return 0;
}

const char ktest_suite[] = "test_drm_mm_scan";

const struct ktest ktests[] = {
	KTEST(test_init),
	KTEST(test_hit),
	KTEST(test_some_stay),
	KTEST(test_holes_count),
	KTEST(test_no_hit),
	KTEST(test_two_hits),
	KTEST(test_any_order),
	KTEST(test_align),
	KTEST(test_align_wraps),
	KTEST(test_range),
	KTEST(test_open),
	KTEST(test_many),
	{ 0 },
};
