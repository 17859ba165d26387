//! Boxes that are made before anybody asks for one. Each is given away once and never comes back.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use service::ports::{Jail, Limits, Outfit, Sandbox, SandboxError};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// How long after a box could not be made it is tried again, at first and at most.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How long a warm box may take to show that it is alive.
const PATIENCE: Duration = Duration::from_secs(2);

/// Gives warm boxes away where there are some that fit, and has others made.
pub struct Pool {
    shelf: Arc<Shelf>,
    filling: JoinHandle<()>,
}

struct Shelf {
    maker: Arc<dyn Sandbox>,
    limits: Limits,
    size: usize,
    ready: Mutex<VecDeque<Arc<dyn Jail>>>,
    taken: Notify,
}

impl Pool {
    /// Keeps so many boxes of these limits ready. It has to be called inside a runtime.
    pub fn new(maker: Arc<dyn Sandbox>, limits: Limits, size: usize) -> Self {
        let shelf = Arc::new(Shelf { maker, limits, size, ready: Mutex::default(), taken: Notify::new() });
        let filling = tokio::spawn(Arc::clone(&shelf).fill());
        Self { shelf, filling }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.filling.abort();
        self.shelf.ready().clear();
    }
}

impl Shelf {
    fn ready(&self) -> MutexGuard<'_, VecDeque<Arc<dyn Jail>>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a warm box will do. How long a program may take is said with every program, so more time is no harm.
    fn fits(&self, wanted: Limits) -> bool {
        let warm = Limits { wall_millis: wanted.wall_millis, ..self.limits };
        warm == wanted && wanted.wall_millis <= self.limits.wall_millis
    }

    fn take(&self) -> Option<Arc<dyn Jail>> {
        let jail = self.ready().pop_front();
        self.taken.notify_one();
        jail
    }

    async fn fill(self: Arc<Self>) {
        let mut pause = FIRST_PAUSE;
        loop {
            if self.ready().len() >= self.size {
                self.taken.notified().await;
                continue;
            }
            match self.maker.start(self.limits).await {
                Ok(jail) => {
                    self.ready().push_back(jail);
                    pause = FIRST_PAUSE;
                }
                Err(error) => {
                    tracing::warn!(%error, "no box could be made ahead of time");
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }
}

#[async_trait]
impl Sandbox for Pool {
    async fn start(&self, limits: Limits) -> Result<Arc<dyn Jail>, SandboxError> {
        if self.shelf.fits(limits) {
            while let Some(jail) = self.shelf.take() {
                // It may have ended while it waited: an engine was restarted, say.
                match timeout(PATIENCE, jail.list()).await {
                    Ok(Ok(_)) => return Ok(jail),
                    Ok(Err(error)) => tracing::info!(%error, "a warm box has ended"),
                    Err(_) => tracing::warn!("a warm box does not answer"),
                }
                // Whoever waits for a box need not wait for the end of another.
                tokio::spawn(async move { jail.stop().await });
            }
        }
        self.shelf.maker.start(limits).await
    }

    async fn check(&self) -> Result<(), SandboxError> {
        self.shelf.maker.check().await
    }

    async fn outfit(&self) -> Result<Option<Outfit>, SandboxError> {
        self.shelf.maker.outfit().await
    }

    async fn close(&self) {
        self.filling.abort();
        self.shelf.ready().clear();
        self.shelf.maker.close().await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use interview::FilePath;
    use interview::terminal::Size;
    use service::ports::{Changed, Program, Ran, Shell};
    use tokio::sync::mpsc;

    use super::*;

    #[derive(Debug)]
    struct Warm {
        limits: Limits,
        has_ended: AtomicBool,
        is_hung: AtomicBool,
    }

    #[async_trait]
    impl Jail for Warm {
        async fn write(&self, _: &FilePath, _: &str) -> Result<(), SandboxError> {
            Err(SandboxError::Stopped)
        }
        async fn remove(&self, _: &FilePath) -> Result<(), SandboxError> {
            Err(SandboxError::Stopped)
        }
        async fn read(&self, _: &FilePath) -> Result<String, SandboxError> {
            Err(SandboxError::Stopped)
        }
        async fn list(&self) -> Result<Vec<FilePath>, SandboxError> {
            if self.is_hung.load(Ordering::SeqCst) {
                return std::future::pending().await;
            }
            if self.has_ended.load(Ordering::SeqCst) { Err(SandboxError::Stopped) } else { Ok(Vec::new()) }
        }
        async fn watch(&self) -> Result<mpsc::Receiver<Changed>, SandboxError> {
            Err(SandboxError::Stopped)
        }
        async fn shell(&self, _: Size) -> Result<Shell, SandboxError> {
            Err(SandboxError::Stopped)
        }
        async fn run(&self, _: Program) -> Result<Ran, SandboxError> {
            Err(SandboxError::Stopped)
        }
        async fn stop(&self) {
            if self.is_hung.load(Ordering::SeqCst) {
                return std::future::pending().await;
            }
            self.has_ended.store(true, Ordering::SeqCst);
        }
    }

    #[derive(Default)]
    struct Maker {
        made: Mutex<Vec<Arc<Warm>>>,
        refusals: AtomicUsize,
    }

    impl Maker {
        fn made(&self) -> Vec<Arc<Warm>> {
            self.made.lock().expect("nobody panics").clone()
        }

        async fn has_made(&self, count: usize) -> Vec<Arc<Warm>> {
            while self.made().len() < count {
                tokio::task::yield_now().await;
            }
            self.made()
        }
    }

    #[async_trait]
    impl Sandbox for Maker {
        async fn start(&self, limits: Limits) -> Result<Arc<dyn Jail>, SandboxError> {
            let is_refused = self.refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            if is_refused.is_ok() {
                return Err(SandboxError::Unavailable("not now".into()));
            }
            let made = Arc::new(Warm { limits, has_ended: AtomicBool::new(false), is_hung: AtomicBool::new(false) });
            self.made.lock().expect("nobody panics").push(Arc::clone(&made));
            Ok(made)
        }

        async fn check(&self) -> Result<(), SandboxError> {
            Ok(())
        }
    }

    fn is(one: &Arc<dyn Jail>, other: &Arc<Warm>) -> bool {
        std::ptr::addr_eq(Arc::as_ptr(one), Arc::as_ptr(other))
    }

    #[tokio::test]
    async fn whoever_asks_gets_a_box_that_waited_and_the_next_is_made() {
        let maker = Arc::new(Maker::default());
        let pool = Pool::new(maker.clone(), Limits::default(), 2);
        let made = maker.has_made(2).await;
        let shorter = Limits { wall_millis: 1_000, ..Limits::default() };
        assert!(is(&pool.start(Limits::default()).await.expect("a box"), &made[0]));
        assert!(is(&pool.start(shorter).await.expect("a box"), &made[1]), "more time than was asked for is no harm");
        maker.has_made(4).await;
    }

    #[tokio::test]
    async fn other_limits_get_a_box_of_their_own() {
        let maker = Arc::new(Maker::default());
        let pool = Pool::new(maker.clone(), Limits::default(), 1);
        maker.has_made(1).await;
        for limits in [
            Limits { memory_bytes: 1 << 20, ..Limits::default() },
            Limits { processes: 7, ..Limits::default() },
            Limits { wall_millis: u64::MAX, ..Limits::default() },
        ] {
            pool.start(limits).await.expect("a box");
            assert_eq!(maker.made().last().expect("one was made").limits, limits);
        }
        assert_eq!(maker.made().len(), 4, "and the warm one still waits");
    }

    #[tokio::test]
    async fn a_box_that_ended_while_it_waited_is_given_to_nobody() {
        let maker = Arc::new(Maker::default());
        let pool = Pool::new(maker.clone(), Limits::default(), 1);
        let dead = maker.has_made(1).await.remove(0);
        dead.stop().await;
        assert!(!is(&pool.start(Limits::default()).await.expect("a box"), &dead));
    }

    #[tokio::test(start_paused = true)]
    async fn boxes_on_an_engine_that_hangs_are_not_waited_for() {
        let maker = Arc::new(Maker::default());
        let pool = Pool::new(maker.clone(), Limits::default(), 2);
        let hung = maker.has_made(2).await;
        hung.iter().for_each(|jail| jail.is_hung.store(true, Ordering::SeqCst));
        let begun = tokio::time::Instant::now();
        let given = pool.start(Limits::default()).await.expect("a box");
        assert!(hung.iter().all(|jail| !is(&given, jail)));
        assert!(begun.elapsed() <= 2 * PATIENCE, "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn an_engine_that_was_away_is_asked_again() {
        let maker = Arc::new(Maker { refusals: AtomicUsize::new(1), ..Maker::default() });
        let _pool = Pool::new(maker.clone(), Limits::default(), 1);
        maker.has_made(1).await;
    }

    #[tokio::test]
    async fn nothing_waits_any_longer_when_the_pool_is_gone() {
        let maker = Arc::new(Maker::default());
        let pool = Pool::new(maker.clone(), Limits::default(), 1);
        let waiting = Arc::downgrade(&maker.has_made(1).await.remove(0));
        maker.made.lock().expect("nobody panics").clear();
        drop(pool);
        while waiting.upgrade().is_some() {
            tokio::task::yield_now().await;
        }
    }
}
