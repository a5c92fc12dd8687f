//! Many inputs at once, results in the order of the inputs.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::exit_code::Stop;

/// Inputs per thread that are worked on before their results are taken: enough to even out small and large ones.
const BATCH_PER_THREAD: usize = 16;

/// Works on all `items` with `jobs` threads and takes the results in order.
pub(crate) fn in_order<T: Sync, R: Send>(
    items: &[T],
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), Stop>,
) -> Result<(), Stop> {
    if jobs == 1 || items.len() == 1 {
        return items.iter().try_for_each(|item| take(work(item)));
    }
    let pool = pool(jobs)?;
    for batch in items.chunks(jobs * BATCH_PER_THREAD) {
        // One at a time: an input may be a whole archive, and its neighbours should not wait in one thread's share.
        let results: Vec<R> = pool.install(|| batch.par_iter().with_max_len(1).map(&work).collect());
        results.into_iter().try_for_each(&mut take)?;
    }
    Ok(())
}

/// `jobs` threads.
pub(crate) fn pool(jobs: usize) -> Result<ThreadPool, Stop> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    pool.map_err(|e| Stop::environment("starting threads", std::io::Error::other(e)))
}

/// The number of threads to use.
pub(crate) fn jobs(asked: Option<NonZeroUsize>) -> usize {
    asked.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

/// Does `work`; a panic in it becomes an error, so that one bad document costs one record and not the run.
pub(crate) fn guarded<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let words = panic.downcast_ref::<&str>().copied().map(str::to_owned);
        let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
        format!("internal error, please report it: {}", words.unwrap_or_else(|| "no message".to_owned()))
    })
}
