//! Passes on which files of a box may have changed. The keeper looks, several times a second.

use std::sync::Arc;

use serde_json::json;
use service::ports::Changed;
use tokio::sync::mpsc;

use super::answers::{News, path_from};
use super::keeper::{Keeper, NoAnswer};
use crate::changes::{Changes, Pending, WAITING};

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
        let pending = Pending::default();
        let listener = sender.clone();
        tokio::select! {
            () = hear(news, &pending) => {}
            () = pending.tell(sender) => {}
            () = listener.closed() => {}
            () = end => {}
        }
        keeper.ignore(number);
        // It fails if the box has ended.
        let _ = keeper.ask::<()>("unwatch", json!([number])).await;
    });
    Ok(receiver)
}

async fn hear(mut news: mpsc::Receiver<News>, pending: &Pending) {
    while let Some(news) = news.recv().await {
        let mut found = Changes::default();
        match news {
            News::Files(files) => {
                files.iter().filter_map(|name| path_from(name)).for_each(|path| found.add(path));
            }
            News::Everything => found.everything(),
            News::Began | News::Ended | News::Lost | News::Report(_) => continue,
        }
        pending.note(found);
    }
}
