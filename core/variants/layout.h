/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The macros of the variant that this object is compiled for. */
#ifndef _VARIANTS_LAYOUT_H
#define _VARIANTS_LAYOUT_H

#define VARIANT_LAYOUT
#include VARIANT_HEADER
#undef VARIANT_LAYOUT

/* What few designs say is left out by the others. */
#ifndef VARIANT_REFUSED
#define VARIANT_REFUSED		((const char *)0)
#endif
#ifndef VARIANT_LIST_OBJ
#define VARIANT_LIST_OBJ	0
#endif

#endif /* _VARIANTS_LAYOUT_H */
