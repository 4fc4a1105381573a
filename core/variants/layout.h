/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The macros of the variant that this object is compiled for. */
#ifndef _VARIANTS_LAYOUT_H
#define _VARIANTS_LAYOUT_H

#define VARIANT_LAYOUT
#include VARIANT_HEADER
#undef VARIANT_LAYOUT

#endif /* _VARIANTS_LAYOUT_H */
