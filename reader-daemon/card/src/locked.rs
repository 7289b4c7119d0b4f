//! One page of memory that is kept out of swap and core dumps and wiped before it is given back. The only unsafe code
//! of this crate.
#![allow(unsafe_code)]

use std::{
    alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error},
    ptr::NonNull,
};

use zeroize::Zeroize;

/// Bytes in a page of their own. Moving it moves a pointer, never the bytes.
pub(crate) struct LockedBytes<const N: usize> {
    bytes: NonNull<[u8; N]>,
    layout: Layout,
    locked: bool,
}

// SAFETY: the page is owned by this value alone, like a Box.
unsafe impl<const N: usize> Send for LockedBytes<N> {}

impl<const N: usize> LockedBytes<N> {
    /// Zeroed. Where the system refuses to lock the page ([`LockedBytes::locked`]) it is used all the same.
    pub(crate) fn new() -> Self {
        // SAFETY: sysconf has no preconditions.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096).max(4096);
        let size = N.next_multiple_of(page).max(page);
        let Ok(layout) = Layout::from_size_align(size, page) else { handle_alloc_error(Layout::new::<[u8; N]>()) };
        // SAFETY: the layout's size is at least one page, so not zero.
        let memory = unsafe { alloc_zeroed(layout) };
        let Some(bytes) = NonNull::new(memory.cast::<[u8; N]>()) else { handle_alloc_error(layout) };
        // SAFETY: the range is one whole allocation of ours; locking and advising change no content.
        let locked = unsafe {
            libc::madvise(memory.cast(), size, libc::MADV_DONTDUMP);
            libc::mlock(memory.cast(), size) == 0
        };
        Self { bytes, layout, locked }
    }

    /// The system keeps the page out of swap.
    pub(crate) fn locked(&self) -> bool {
        self.locked
    }

    pub(crate) fn get(&self) -> &[u8; N] {
        // SAFETY: allocated and zeroed in `new`, aligned to a page, owned by self, borrowed with self.
        unsafe { self.bytes.as_ref() }
    }

    pub(crate) fn get_mut(&mut self) -> &mut [u8; N] {
        // SAFETY: as in `get`, and self is borrowed mutably.
        unsafe { self.bytes.as_mut() }
    }
}

impl<const N: usize> Drop for LockedBytes<N> {
    fn drop(&mut self) {
        self.get_mut().zeroize();
        let memory = self.bytes.as_ptr().cast::<u8>();
        // SAFETY: the same allocation and layout as in `new`; it is not used after this. The page goes back to the
        // allocator as it came: unlocked and dumpable.
        unsafe {
            if self.locked {
                libc::munlock(memory.cast(), self.layout.size());
            }
            libc::madvise(memory.cast(), self.layout.size(), libc::MADV_DODUMP);
            dealloc(memory, self.layout);
        }
    }
}
