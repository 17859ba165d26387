//! One thread that starts every process of every box.
//!
//! Linux ties "die with your parent" to the *thread* that forked. A thread of the async runtime may come and go, and
//! would take boxes with it; this one lives exactly as long as the boxes' server. Forking here also keeps the time it
//! takes away from everybody else.

use std::io;
use std::sync::mpsc;
use std::thread;

use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// A handle to the thread, which ends when the handle is dropped.
#[derive(Debug)]
pub(crate) struct Launcher(mpsc::Sender<Order>);

/// A process to start, and who is waiting for it.
#[derive(Debug)]
struct Order {
    command: Command,
    runtime: Handle,
    reply: oneshot::Sender<io::Result<Child>>,
}

impl Launcher {
    /// Starts the thread.
    pub(crate) fn new() -> io::Result<Self> {
        let (orders, receiver) = mpsc::channel::<Order>();
        thread::Builder::new().name("sandbox launcher".into()).spawn(move || {
            for order in receiver {
                order.carry_out();
            }
        })?;
        Ok(Self(orders))
    }

    /// Starts a process; what the command owns is closed on our side once it runs.
    pub(crate) async fn spawn(&self, command: Command) -> io::Result<Child> {
        let gone = || io::Error::other("the launcher has ended");
        let (reply, started) = oneshot::channel();
        let order = Order { command, runtime: Handle::current(), reply };
        self.0.send(order).map_err(|_| gone())?;
        started.await.map_err(|_| gone())?
    }
}

impl Order {
    fn carry_out(mut self) {
        let _runtime = self.runtime.enter();
        let started = self.command.spawn();
        drop(self.command);
        // Nobody waiting means nobody wants it: dropping the child kills it.
        let _ = self.reply.send(started);
    }
}
