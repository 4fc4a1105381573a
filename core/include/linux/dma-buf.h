/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: stub */
#ifndef _LINUX_DMA_BUF_H
#define _LINUX_DMA_BUF_H

#include <linux/dma-fence.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/types.h>

struct dma_buf_attachment;
struct dma_resv;
struct drm_file;
struct drm_printer;
struct file;
struct sg_table;

/**
 * struct dma_buf - a shared buffer, of which there is none
 * @size: in bytes
 * @resv: its reservation
 * @priv: the exporter's; inline functions of newer <drm/drm_gem.h> look here
 */
struct dma_buf {
	size_t size;
	struct dma_resv *resv;
	void *priv;
};

#endif /* _LINUX_DMA_BUF_H */
