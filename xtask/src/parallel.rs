//! The same work on many items, on all cores.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Items that a thread takes at a time: enough that taking them costs nothing, few enough that all threads end together.
const AT_A_TIME: usize = 16;

/// What `work` makes of each item, in the order of the items.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let from = next.fetch_add(AT_A_TIME, Ordering::Relaxed);
                    if from >= items.len() {
                        break;
                    }
                    let to = items.len().min(from + AT_A_TIME);
                    let made: Vec<(usize, R)> =
                        (from..to).map(|index| (index, work(&items[index]))).collect();
                    // A poisoned lock means that another thread panicked: the scope passes that on.
                    if let Ok(mut done) = done.lock() {
                        done.extend(made);
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_order_is_kept() {
        let items: Vec<usize> = (0..1000).collect();
        let squares: Vec<usize> = items.iter().map(|n| n * n).collect();
        assert_eq!(super::map(&items, |n| n * n), squares);
    }
}
