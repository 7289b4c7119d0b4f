//! Serves an emulated card to the real pcscd through vsmartcard's vpcd: TCP on loopback, u16 big-endian length and
//! body; a body of one byte is a control, anything else an APDU (card.md appendix A).

mod quick_ack;

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use crate::emulated::{Counts, EmulatedCard, Outcome};
use crate::limits::{LONGEST_VPCD_BODY, VPCD_RETRY};

/// Where vpcd listens for the card of its first slot, the reader `Virtual PCD 00 00`.
pub const ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 35_963);
/// Where it listens for the card of its second slot, the reader `Virtual PCD 00 01`: a reader of its own for phones.
pub const SECOND_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 35_964);

const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const GET_ATR: u8 = 4;

/// What happens to a card on the reader without anybody taking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A fault lifted it.
    Lifted,
    /// pcscd ended, or its vpcd closed the connection. The card waits for it.
    ReaderGone,
    /// pcscd is back; the card lies on its reader again.
    ReaderBack,
}

/// A card that lies on a reader of pcscd.
#[derive(Debug)]
pub struct VpcdCard {
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    card: Mutex<EmulatedCard>,
    stream: Mutex<TcpStream>,
    taken: AtomicBool,
}

impl VpcdCard {
    /// Puts the card on the reader. `on_change` runs on another thread.
    ///
    /// # Errors
    /// vpcd does not listen there.
    pub fn insert(
        address: SocketAddr,
        card: EmulatedCard,
        mut on_change: impl FnMut(Change) + Send + 'static,
    ) -> io::Result<Self> {
        let stream = connect(address)?;
        let shared = Arc::new(Shared {
            card: Mutex::new(card),
            stream: Mutex::new(stream.try_clone()?),
            taken: AtomicBool::new(false),
        });
        let served = Arc::clone(&shared);
        let server = thread::Builder::new().name("vpcd card".to_owned()).spawn(move || {
            let mut stream = Some(stream);
            while let Some(now) = stream.take() {
                let change = serve(&now, &served);
                let _ = now.shutdown(Shutdown::Both);
                lock(&served.card).power_off();
                if served.is_taken() {
                    return;
                }
                on_change(change);
                if change == Change::ReaderGone {
                    stream = served.wait_for_reader(address);
                    if stream.is_some() {
                        on_change(Change::ReaderBack);
                    }
                }
            }
        })?;
        Ok(VpcdCard { shared, server })
    }

    /// Takes the card from the reader, or from the hand if a fault lifted it.
    pub fn remove(self) -> EmulatedCard {
        let VpcdCard { shared, server } = self;
        shared.taken.store(true, Ordering::SeqCst);
        let _ = lock(&shared.stream).shutdown(Shutdown::Both);
        let _ = server.join();
        match Arc::try_unwrap(shared) {
            Ok(shared) => shared.card.into_inner().unwrap_or_else(PoisonError::into_inner),
            Err(_) => unreachable!("the server has ended and held the only other share"),
        }
    }

    /// What the card has been asked so far.
    pub fn counts(&self) -> Counts {
        lock(&self.shared.card).counts()
    }

    /// Looks at the card: faults, counters.
    pub fn with_card<T>(&self, look: impl FnOnce(&mut EmulatedCard) -> T) -> T {
        look(&mut lock(&self.shared.card))
    }
}

impl Shared {
    fn is_taken(&self) -> bool {
        self.taken.load(Ordering::SeqCst)
    }

    /// Until vpcd listens again or the card is taken.
    fn wait_for_reader(&self, address: SocketAddr) -> Option<TcpStream> {
        while !self.is_taken() {
            thread::sleep(VPCD_RETRY);
            let Ok(stream) = connect(address) else { continue };
            let Ok(copy) = stream.try_clone() else { continue };
            *lock(&self.stream) = copy;
            // `remove` may have shut the stream before this one down.
            return if self.is_taken() { None } else { Some(stream) };
        }
        None
    }
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers until the card is lifted or the connection ends.
fn serve(stream: &TcpStream, shared: &Shared) -> Change {
    loop {
        let Ok(body) = receive(stream) else { return Change::ReaderGone };
        let answer = match body.as_slice() {
            [] => None,
            [control] => control_answer(*control, &mut lock(&shared.card)),
            command => {
                let exchange = lock(&shared.card).exchange(command);
                thread::sleep(exchange.delay);
                // vpcd has no word for "not transacted"; a closed connection is the nearest.
                let Outcome::Answer(answer) = exchange.outcome else { return Change::Lifted };
                if exchange.lifted_afterwards {
                    let _ = send(stream, &answer);
                    return Change::Lifted;
                }
                Some(answer)
            }
        };
        if let Some(answer) = answer
            && send(stream, &answer).is_err()
        {
            return Change::ReaderGone;
        }
    }
}

/// Only "get ATR" is answered.
fn control_answer(control: u8, card: &mut EmulatedCard) -> Option<Vec<u8>> {
    match control {
        POWER_OFF => card.power_off(),
        POWER_ON => card.power_on(),
        RESET => card.warm_reset(),
        GET_ATR => return Some(card.atr().to_vec()),
        _ => {}
    }
    None
}

fn receive(stream: &TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    fill(stream, &mut length)?;
    let mut body = vec![0; usize::from(u16::from_be_bytes(length))];
    fill(stream, &mut body)?;
    Ok(body)
}

/// vpcd sends length and body in two writes; without an immediate acknowledgement each exchange takes 44 ms.
fn fill(mut stream: &TcpStream, mut into: &mut [u8]) -> io::Result<()> {
    while !into.is_empty() {
        quick_ack::arm(stream)?;
        match stream.read(into)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => into = into.get_mut(n..).unwrap_or_default(),
        }
    }
    Ok(())
}

fn send(mut stream: &TcpStream, body: &[u8]) -> io::Result<()> {
    let body = body.get(..LONGEST_VPCD_BODY).unwrap_or(body);
    let mut message = Vec::with_capacity(body.len() + 2);
    message.extend((body.len() as u16).to_be_bytes());
    message.extend_from_slice(body);
    stream.write_all(&message)
}
