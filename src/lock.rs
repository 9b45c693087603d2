//! What guards state that changes behind a shared reference.

#[cfg(not(all(feature = "module", target_arch = "wasm32")))]
mod threads {
    use std::sync::{Mutex, MutexGuard, PoisonError};

    /// A lock between threads.
    pub(crate) struct Lock<T>(Mutex<T>);

    impl<T> Lock<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(Mutex::new(value))
        }

        /// A poisoned lock only says that another thread panicked; what is guarded here is consistent between any two
        /// calls.
        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }
}

#[cfg(all(feature = "module", target_arch = "wasm32"))]
mod threads {
    use core::cell::{RefCell, RefMut};

    /// A module of WebAssembly has no threads: nobody waits.
    pub(crate) struct Lock<T>(RefCell<T>);

    impl<T> Lock<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(RefCell::new(value))
        }

        pub(crate) fn lock(&self) -> RefMut<'_, T> {
            // No guard outlives the call that took it, so this never fails; a panic would bring its formatting along.
            self.0.try_borrow_mut().unwrap_or_else(|_| core::arch::wasm32::unreachable())
        }
    }
}

pub(crate) use threads::Lock;
