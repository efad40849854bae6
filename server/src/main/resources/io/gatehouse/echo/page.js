'use strict';

const element = id => document.getElementById(id);
const seconds = ms => (ms / 1000).toFixed(ms < 10000 ? 1 : 0) + ' s';

function badge(id, text, kind) {
  element(id).textContent = text;
  element(id).className = 'badge' + (kind ? ' ' + kind : '');
}

function log(id, text) {
  const box = element(id);
  const lines = (box.textContent ? box.textContent.split('\n') : []).slice(-199);
  lines.push(new Date().toLocaleTimeString([], {hour12: false}) + '  ' + text);
  box.textContent = lines.join('\n');
  box.scrollTop = box.scrollHeight;
}

// The WebSocket. It says nothing by itself once its round trip is measured, so that idle time-outs show.
let socket = null, opened = 0, heard = 0, attempts = 0, retry = 0;
let sent = [];

function connect() {
  clearTimeout(retry);
  disconnect();
  const url = new URL('ws', location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  if (element('ws-tick').checked) url.search = '?tick=1';
  element('ws-url').textContent = url.href;
  badge('ws-state', 'connecting');
  const mine = socket = new WebSocket(url);
  sent = [];
  mine.onopen = () => {
    opened = heard = performance.now();
    attempts = 0;
    badge('ws-state', '101 · open', 'good');
    log('ws-log', 'open');
    send('round trip');
  };
  mine.onmessage = event => {
    heard = performance.now();
    const text = String(event.data);
    if (sent.length && sent[0].text === text) {
      const trip = heard - sent.shift().at;
      element('ws-rtt').textContent = trip.toFixed(1) + ' ms';
      log('ws-log', '← ' + text + '  (' + trip.toFixed(1) + ' ms)');
    } else {
      log('ws-log', '← ' + text);
    }
  };
  mine.onclose = event => {
    if (socket !== mine) return;
    const lasted = opened ? ' after ' + seconds(performance.now() - opened) : ', never opened';
    socket = null;
    opened = 0;
    badge('ws-state', 'closed ' + event.code, 'bad');
    log('ws-log', 'closed ' + event.code + (event.reason ? ' ' + event.reason : '') + lasted);
    const pause = Math.min(10000, 500 * 2 ** attempts++);
    log('ws-log', 'again in ' + seconds(pause));
    retry = setTimeout(connect, pause);
  };
}

function disconnect() {
  const old = socket;
  socket = null;
  opened = 0;
  if (old) old.close(1000);
}

function send(text) {
  if (!socket || socket.readyState !== WebSocket.OPEN) return;
  sent.push({text, at: performance.now()});
  socket.send(text);
  log('ws-log', '→ ' + text);
}

element('ws-form').onsubmit = event => {
  event.preventDefault();
  send(element('ws-text').value);
};
element('ws-connect').onclick = connect;
element('ws-tick').onchange = connect;
element('ws-close').onclick = () => {
  clearTimeout(retry);
  disconnect();
  badge('ws-state', 'closed');
  log('ws-log', 'closed by you');
};
setInterval(() => {
  const now = performance.now();
  element('ws-age').textContent = opened ? seconds(now - opened) : '–';
  element('ws-idle').textContent = opened ? seconds(now - heard) : '–';
}, 500);
connect();

// The upload, by XMLHttpRequest: fetch tells no progress.
const hex = buffer => Array.from(new Uint8Array(buffer), b => b.toString(16).padStart(2, '0')).join('');

async function compare(file, digest) {
  if (!window.crypto || !crypto.subtle || file.size > 64 << 20) return '';
  const own = hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return own === digest ? '  ✓ as sent' : '  ✗ differs from what was sent';
}

element('up-form').onsubmit = event => {
  event.preventDefault();
  const file = element('up-file').files[0];
  const request = new XMLHttpRequest();
  const begin = performance.now();
  for (const id of ['up-size', 'up-time', 'up-digest']) element(id).textContent = '–';
  element('up-bar').value = 0;
  badge('up-state', 'sending');
  request.upload.onprogress = progress => {
    element('up-bar').value = progress.lengthComputable ? progress.loaded / progress.total : 0;
    element('up-time').textContent = seconds(performance.now() - begin);
  };
  request.onerror = () => badge('up-state', 'failed: no answer', 'bad');
  request.onload = async () => {
    const took = performance.now() - begin;
    badge('up-state', request.status + ' ' + request.statusText, request.status === 200 ? 'good' : 'bad');
    if (request.status !== 200) return;
    const part = JSON.parse(request.responseText).parts[0];
    element('up-bar').value = 1;
    element('up-size').textContent = part.size.toLocaleString('en') + ' bytes';
    element('up-time').textContent = seconds(took) + ' (' + (part.size / 1000 / Math.max(took, 1)).toFixed(1) + ' MB/s)';
    element('up-digest').textContent = part.sha256;
    element('up-digest').textContent = part.sha256 + await compare(file, part.sha256);
  };
  request.open('POST', 'upload');
  request.send(new FormData(event.target));
};

// The slow answer.
element('slow-form').onsubmit = async event => {
  event.preventDefault();
  const button = event.target.querySelector('button');
  const begin = performance.now();
  const waiting = setInterval(() => badge('slow-state', 'waiting ' + seconds(performance.now() - begin)), 100);
  button.disabled = true;
  let text, good = false;
  try {
    const path = 'slow/' + element('slow-seconds').value + (element('slow-drip').checked ? '?drip' : '');
    const answer = await fetch(path, {cache: 'no-store'});
    const body = await answer.text();
    good = answer.ok;
    text = answer.status + ', ' + body.length + ' bytes';
  } catch (failed) {
    text = 'failed: ' + failed.message;
  }
  clearInterval(waiting);
  button.disabled = false;
  badge('slow-state', text.split(',')[0], good ? 'good' : 'bad');
  element('slow-text').textContent = text + ' after ' + seconds(performance.now() - begin);
};

// The events. The gap between two tells whether something on the way gathers them.
let events = null, last = 0;

function stop() {
  if (events) events.close();
  events = null;
  badge('ev-state', 'closed');
}

element('ev-start').onclick = () => {
  stop();
  last = 0;
  badge('ev-state', 'connecting');
  events = new EventSource('events');
  events.onopen = () => badge('ev-state', 'open', 'good');
  events.onerror = () => badge('ev-state', 'interrupted', 'bad');
  events.onmessage = event => {
    const now = performance.now();
    if (last) element('ev-gap').textContent = 'gap ' + (now - last).toFixed(0) + ' ms';
    last = now;
    log('ev-log', event.data);
  };
};
element('ev-stop').onclick = stop;
