# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The rooms' modules; a program puts the tree on its path and imports them by
their room: scripts.common.text. A package, for another one of this name that is
installed would be found in place of mere folders."""
