//! The connection of a worker to its master, which is opened again whenever it is lost. What is said over it is not known
//! here.

use super::Master;
use super::zmtp::Dealer;
use std::io;
use std::pin::Pin;
use std::time::Duration;

/// The connection to the master.
pub enum Link {
    Up(Dealer),
    Opening(Pin<Box<dyn Future<Output = io::Result<Dealer>> + Send>>),
}

/// What comes over it.
pub enum Came {
    Connected(io::Result<Dealer>),
    Message(io::Result<Vec<u8>>),
}

impl Link {
    /// Opens it after a while.
    pub fn open(master: &Master, id: &str, after: Duration) -> Self {
        let (address, id) = (master.address.clone(), id.to_owned());
        Link::Opening(Box::pin(async move {
            tokio::time::sleep(after).await;
            Dealer::connect(&address, &id).await
        }))
    }

    /// What comes over it. It can be given up and asked for again.
    pub async fn next(&mut self) -> Came {
        match self {
            Link::Up(dealer) => Came::Message(dealer.receive().await),
            Link::Opening(opening) => Came::Connected(opening.await),
        }
    }
}
