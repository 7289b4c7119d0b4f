//! A place to fetch from on this machine, with good manners and bad ones.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// How the place answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Whole,
    /// The first answer ends in the middle.
    Cut,
    /// Ranges are not known.
    NoRange,
    /// One byte to a connection, for longer than anybody should go on asking.
    Drops,
    /// This stands where the length should.
    Length(&'static str),
}

/// A place to fetch from: its files by path, and the requests it saw as `PATH from FIRST_BYTE`.
pub(crate) struct Place {
    pub(crate) address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Place {
    pub(crate) fn open(files: Vec<(&str, Vec<u8>)>, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let files: Vec<(String, Vec<u8>)> = files.into_iter().map(|(path, data)| (path.to_owned(), data)).collect();
        let log = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &files, manner, &log);
            }
        });
        Self { address, seen }
    }

    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, files: &[(String, Vec<u8>)], manner: Manner, log: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
    let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let range = lines.take_while(|line| !line.is_empty()).find_map(|line| {
        line.to_ascii_lowercase().strip_prefix("range: bytes=").map(|range| range.trim_end_matches('-').to_owned())
    });
    let start: usize = range.map_or(0, |range| range.parse().unwrap());
    let requests = {
        let mut log = log.lock().unwrap();
        log.push(format!("{path} from {start}"));
        log.len()
    };
    let Some((_, data)) = files.iter().find(|(name, _)| *name == path) else {
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        return;
    };
    if start >= data.len() && manner != Manner::NoRange {
        stream
            .write_all(b"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .unwrap();
        return;
    }
    let (status, body) = if start > 0 && manner != Manner::NoRange {
        let range = format!("206 Partial Content\r\nContent-Range: bytes {start}-{}/{}", data.len() - 1, data.len());
        (range, &data[start..])
    } else {
        ("200 OK".to_owned(), data.as_slice())
    };
    let sent = match manner {
        Manner::Cut if requests == 1 => &body[..body.len() / 2],
        Manner::Drops if requests <= 20 => &body[..1],
        Manner::Whole | Manner::Cut | Manner::NoRange | Manner::Drops | Manner::Length(_) => body,
    };
    let length = if let Manner::Length(said) = manner { said.to_owned() } else { body.len().to_string() };
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    // The other side may have seen enough.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(sent));
}
