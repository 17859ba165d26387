//! Passes on which files of a box may have changed. The keeper looks, several times a second; what nobody has taken yet is
//! merged, so that a slow listener holds nobody up.

use std::collections::BTreeSet;
use std::sync::Arc;

use interview::FilePath;
use serde_json::json;
use service::ports::Changed;
use tokio::sync::mpsc;

use super::answers::News;
use super::keeper::{Keeper, NoAnswer};

/// How many changes may wait for a slow listener.
const WAITING: usize = 64;
/// How many changed files are told by their names.
const NAMES_LIMIT: usize = 2_000;

/// What has changed and was not told yet.
#[derive(Debug, Default)]
struct Pending {
    files: BTreeSet<FilePath>,
    is_everything: bool,
}

/// Watches from now on, until the receiver is dropped or the box ends.
pub(super) async fn watch(
    keeper: Arc<Keeper>,
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<mpsc::Receiver<Changed>, NoAnswer> {
    let number = keeper.number();
    let news = keeper.listen(number);
    keeper.ask::<()>("watch", json!([number])).await?;
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let listener = sender.clone();
        tokio::select! {
            () = tell(news, sender) => {}
            () = listener.closed() => {}
            () = end => {}
        }
        keeper.ignore(number);
        // It fails if the box has ended.
        let _ = keeper.ask::<()>("unwatch", json!([number])).await;
    });
    Ok(receiver)
}

async fn tell(mut news: mpsc::Receiver<News>, sender: mpsc::Sender<Changed>) {
    let mut pending = Pending::default();
    loop {
        tokio::select! {
            heard = news.recv() => match heard {
                Some(heard) => pending.note(heard),
                None => return,
            },
            Ok(place) = sender.reserve(), if !pending.is_empty() => {
                if let Some(changed) = pending.take() {
                    place.send(changed);
                }
            }
        }
    }
}

impl Pending {
    fn note(&mut self, news: News) {
        match news {
            News::Files(files) => self.files.extend(files.iter().filter_map(|path| FilePath::parse(path).ok())),
            News::Everything => self.is_everything = true,
            News::Began | News::Ended | News::Report(_) => {}
        }
        if self.files.len() > NAMES_LIMIT {
            self.is_everything = true;
        }
    }

    fn is_empty(&self) -> bool {
        !self.is_everything && self.files.is_empty()
    }

    fn take(&mut self) -> Option<Changed> {
        if self.is_everything {
            *self = Self::default();
            return Some(Changed::Everything);
        }
        self.files.pop_first().map(Changed::File)
    }
}
