//! A server on the loopback interface that gives every request the same JSON answer.

use std::io;
use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const HEAD_END: &[u8] = b"\r\n\r\n";
const HEAD_LIMIT: usize = 16 * 1024;

/// Serves until it is dropped.
pub struct Loopback {
    url: String,
    server: JoinHandle<()>,
}

impl Loopback {
    /// Starts serving `body` on a free port.
    pub async fn start(body: &'static str) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/rows", listener.local_addr()?);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Err(error) = answer(stream, body).await {
                    tracing::warn!(%error, "loopback request not answered");
                }
            }
        });
        Ok(Self { url, server })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(mut stream: TcpStream, body: &str) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(HEAD_END) && head.len() < HEAD_LIMIT {
        if stream.read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let response = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(response.as_bytes()).await?;
    stream.shutdown().await
}
