//! What guards state that changes behind a shared reference.

#[cfg(not(all(feature = "module", target_arch = "wasm32")))]
use std::sync::{Mutex as Inner, MutexGuard as Guard, PoisonError};

#[cfg(all(feature = "module", target_arch = "wasm32"))]
use core::cell::{RefCell as Inner, RefMut as Guard};

/// A lock between threads; in a module of WebAssembly, which has none, a cell.
#[derive(Debug)]
pub(crate) struct Lock<T>(Inner<T>);

impl<T> Lock<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Inner::new(value))
    }

    /// A poisoned lock only says that another thread panicked; what is guarded here is consistent between any two calls.
    #[cfg(not(all(feature = "module", target_arch = "wasm32")))]
    pub(crate) fn lock(&self) -> Guard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No guard outlives the call that took it, so this never fails; a panic would bring its formatting along.
    #[cfg(all(feature = "module", target_arch = "wasm32"))]
    pub(crate) fn lock(&self) -> Guard<'_, T> {
        self.0.try_borrow_mut().unwrap_or_else(|_| core::arch::wasm32::unreachable())
    }
}
