//! How somebody drives a delivery while it goes on: commands in, and for each the answer whether it could be obeyed.

use crate::clock::Pace;
use crate::plan::Plan;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How many commands can wait; whoever sends more waits.
const COMMANDS_MAX: usize = 64;

/// Makes another plan of the one that is played, at this moment of scenario time.
pub type Replan = Box<dyn FnOnce(Duration, &Plan) -> Result<Replanned, String> + Send>;

/// Another plan.
pub struct Replanned {
    /// The plan: whatever has left is in it as it was.
    pub plan: Arc<Plan>,
    /// Whether the story goes on once all of it is settled: somebody may yet add to it.
    pub is_open: bool,
    /// What was done, in words.
    pub what: String,
}

/// Something that is done to a story while it is played.
pub enum Command {
    /// Nothing: the answer tells scenario time.
    Look,
    /// Nothing leaves any more, and scenario time stands still; what is under way goes on.
    Pause,
    /// It goes on.
    Resume,
    /// While it stands still: the next push leaves.
    StepOnce,
    /// Scenario time passes otherwise.
    Pace(Pace),
    /// The next push never leaves.
    DropNext,
    /// The push that left last leaves once more.
    DuplicateLast,
    /// The next two pushes change places.
    SwapNext,
    /// The next push leaves so much later, in scenario time.
    DelayNext(Duration),
    /// For so long, in scenario time, no attempt gets a connection.
    Refuse(Duration),
    /// The story goes on otherwise.
    Replan(Replan),
}

impl Command {
    /// What it does, in words; empty where only the answer can tell.
    pub fn words(&self) -> String {
        let length = |length: &Duration| crate::duration::text(*length);
        match self {
            Command::Pause => "pause".into(),
            Command::Resume => "go on".into(),
            Command::StepOnce => "let one push leave".into(),
            Command::Pace(pace) => format!("pace {pace}"),
            Command::DropNext => "drop the next push".into(),
            Command::DuplicateLast => "repeat the last push".into(),
            Command::SwapNext => "swap the next two pushes".into(),
            Command::DelayNext(by) => format!("delay the next push by {}", length(by)),
            Command::Refuse(by) => format!("refuse connections for {}", length(by)),
            Command::Look | Command::Replan(_) => String::new(),
        }
    }
}

/// Why a command was not obeyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The story is over.
    Over,
    /// It cannot be done now, and why.
    Impossible(String),
}

/// A command with the one who waits for the answer.
pub(super) struct Order {
    pub command: Command,
    pub answer: oneshot::Sender<Result<Duration, Refusal>>,
}

/// Gives commands. Clones drive the same story.
#[derive(Debug, Clone)]
pub struct Control(mpsc::Sender<Order>);

/// Hears commands.
pub struct Ear {
    pub(super) orders: mpsc::Receiver<Order>,
    /// Whether the story goes on once all of it is settled.
    pub(super) is_open: bool,
    /// Whether it stands still from the start.
    pub(super) is_still: bool,
}

/// A way to drive a story, and the ear for it. An open one does not end by itself; see [`Replanned::is_open`].
pub fn control(is_open: bool, is_still: bool) -> (Control, Ear) {
    let (sender, orders) = mpsc::channel(COMMANDS_MAX);
    (Control(sender), Ear { orders, is_open, is_still })
}

impl Control {
    /// Gives a command, and waits until it is obeyed. The moment of scenario time at which it was is returned.
    ///
    /// # Errors
    /// Why it was not.
    pub async fn tell(&self, command: Command) -> Result<Duration, Refusal> {
        let (answer, ear) = oneshot::channel();
        self.0.send(Order { command, answer }).await.map_err(|_| Refusal::Over)?;
        ear.await.unwrap_or(Err(Refusal::Over))
    }
}

/// The side of whoever sends: hears commands, and knows whether there may be more to send.
pub(super) struct Driver(Option<Ear>);

impl Driver {
    pub fn new(ear: Option<Ear>) -> Self {
        Self(ear)
    }

    /// Whether the story goes on once all of it is settled.
    pub fn is_open(&self) -> bool {
        self.0.as_ref().is_some_and(|ear| ear.is_open)
    }

    pub fn set_open(&mut self, is_open: bool) {
        if let Some(ear) = &mut self.0 {
            ear.is_open = is_open;
        }
    }

    /// The next command; none, once, where whoever drove has gone, and then never any more.
    pub async fn next(&mut self) -> Option<Order> {
        let Some(ear) = &mut self.0 else { return std::future::pending().await };
        let order = ear.orders.recv().await;
        if order.is_none() {
            // The story ends once it is told.
            self.0 = None;
        }
        order
    }

    /// A command that waits already.
    pub fn heard(&mut self) -> Option<Order> {
        self.0.as_mut()?.orders.try_recv().ok()
    }
}
