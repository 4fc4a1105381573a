/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a variant that defers nothing. */
static inline void vm_cleanup(struct drm_gpuvm *vm)
{
}
