//! Channels: what few publish and many read.

use action::CallIn;
use client::{ChannelId, ChannelName, Client, ClientError, ForwardedAs, PostId};
use model::{CellId, MemberId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Failure;
use super::super::shapes::{self, Id};
use super::{Answer, Nothing, done, read};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AChannel {
    channel: Id<ChannelId>,
}

pub(super) async fn call(client: &Client, name: &str, params: Value) -> Answer {
    match name {
        "create" => create(client, params).await,
        "list" => {
            read::<Nothing>(params)?;
            let rows = client.channels().await?;
            Ok(rows.iter().map(shapes::channel).collect())
        }
        "link" => link(client, params).await,
        "subscribe" => subscribe(client, params).await,
        "unsubscribe" => {
            let AChannel { channel } = read(params)?;
            client.unsubscribe_channel(channel.0).await?;
            done()
        }
        "post" => post(client, params).await,
        "posts" => posts(client, params).await,
        "forward" => forward(client, params).await,
        _ => publishing(client, name, params).await,
    }
}

/// What several publishers do together.
async fn publishing(client: &Client, name: &str, params: Value) -> Answer {
    match name {
        "offer" => {
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Params {
                channel: Id<ChannelId>,
                cell: Id<CellId>,
            }
            let Params { channel, cell } = read(params)?;
            client.offer_to_publish(channel.0, cell.0).await?;
            done()
        }
        "publishers" => {
            let AChannel { channel } = read(params)?;
            Ok(shapes::publishers(&client.publishers(channel.0).await?))
        }
        "set_publishers" => set_publishers(client, params).await,
        "pending" => {
            let AChannel { channel } = read(params)?;
            let posts = client.pending(channel.0).await?;
            Ok(posts.iter().map(shapes::pending).collect())
        }
        "countersign" => {
            let ADraft { channel, post } = read(params)?;
            let post = post.ok_or_else(|| Failure::Params("post is missing".to_owned()))?;
            client.countersign(channel.0, post.0).await?;
            done()
        }
        "withdraw" => {
            let ADraft { channel, post } = read(params)?;
            client
                .withdraw_post(channel.0, post.map(|post| post.0))
                .await?;
            done()
        }
        "rekey" => {
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Params {
                channel: Id<ChannelId>,
                #[serde(default)]
                hard: bool,
            }
            let Params { channel, hard } = read(params)?;
            let (link, needs) = client.rekey_channel(channel.0, hard).await?;
            let link = link.as_ref().map(|link| link.as_str());
            Ok(json!({ "link": link, "needs": needs }))
        }
        _ => Err(Failure::NoSuchMethod),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ADraft {
    channel: Id<ChannelId>,
    post: Option<Id<PostId>>,
}

async fn set_publishers(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        channel: Id<ChannelId>,
        cell: Option<Id<CellId>>,
        #[serde(default)]
        add: Vec<Id<MemberId>>,
        #[serde(default)]
        remove: Vec<Who>,
        threshold: Option<u8>,
    }
    /// By their key, or by their place in `channel.publishers`.
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Who {
        Place(usize),
        Key(Id<PostId>),
    }
    let Params {
        channel,
        cell,
        add,
        remove,
        threshold,
    } = read(params)?;
    let present = client.publishers(channel.0).await?.publishers;
    let keys = remove.iter().map(|who| match who {
        Who::Place(place) => present.get(*place).map(|one| one.publisher),
        Who::Key(key) => Some(*key.0.as_bytes()),
    });
    let keys: Option<Vec<[u8; 32]>> = keys.collect();
    let keys = keys.ok_or_else(|| Failure::Params("there is no such publisher".to_owned()))?;
    let add = add.iter().map(|member| member.0).collect();
    let cell = cell.map(|cell| cell.0);
    let needs = client
        .set_publishers(channel.0, cell, (add, keys), threshold)
        .await?;
    Ok(json!({ "needs": needs }))
}

async fn create(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        name: String,
        fresh_days: Option<u16>,
    }
    let Params { name, fresh_days } = read(params)?;
    let name = ChannelName::parse(&name).map_err(ClientError::from)?;
    let (channel, link) = client.create_channel(name, fresh_days).await?;
    Ok(json!({ "channel": channel.to_hex(), "link": link.as_str() }))
}

async fn link(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        channel: Id<ChannelId>,
        passphrase: Option<String>,
    }
    let Params {
        channel,
        passphrase,
    } = read(params)?;
    let link = match passphrase {
        None => client.channel_link(channel.0).await?,
        Some(given) => client.guarded_channel_link(channel.0, &given).await?,
    };
    Ok(json!({ "link": link.as_str() }))
}

async fn subscribe(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        link: String,
        passphrase: Option<String>,
    }
    let Params { link, passphrase } = read(params)?;
    let passphrase = passphrase.as_deref();
    let channel = client.subscribe_channel(link, passphrase).await?;
    Ok(json!({ "channel": channel.to_hex() }))
}

async fn post(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        channel: Id<ChannelId>,
        text: Option<String>,
        call: Option<CallIn>,
    }
    let Params {
        channel,
        text,
        call,
    } = read(params)?;
    let (post, needs) = match (text, call) {
        (Some(text), None) => client.post_text(channel.0, text).await?,
        (None, Some(call)) => client.post_call(channel.0, call).await?,
        (Some(_), Some(_)) | (None, None) => {
            return Err(Failure::Params("a post is a text or a call".to_owned()));
        }
    };
    Ok(shapes::posted(post, needs))
}

async fn posts(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        channel: Id<ChannelId>,
        before: Option<Before>,
        limit: Option<usize>,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Before {
        Seq(u64),
        Post(Id<PostId>),
    }
    let Params {
        channel,
        before,
        limit,
    } = read(params)?;
    let before = match before {
        None => None,
        Some(Before::Seq(seq)) => Some(seq),
        Some(Before::Post(post)) => Some(client.place_of_post(channel.0, post.0).await?),
    };
    let page = client.posts(channel.0, before, limit).await?;
    // Oldest first, as everywhere in this interface.
    let posts: Value = page.posts.iter().rev().map(shapes::post).collect();
    Ok(json!({ "posts": posts, "more": page.more }))
}

async fn forward(client: &Client, params: Value) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        channel: Id<ChannelId>,
        post: Id<PostId>,
        cell: Id<CellId>,
    }
    let Params {
        channel,
        post,
        cell,
    } = read(params)?;
    let (message, call) = match client.forward_post(channel.0, post.0, cell.0).await? {
        ForwardedAs::Message(message) => (Some(message.to_hex()), None),
        ForwardedAs::Call(call) => (None, Some(call.to_hex())),
        ForwardedAs::CallOff => (None, None),
    };
    Ok(json!({ "message": message, "call": call }))
}
