/* Keeps the status of domains up to date while there is open work, without a reload. */
((settings) => {
  const SHOWN = '[data-runcloud-relay-domain]';
  const INTERVAL_MS = 15000;
  // Where the page has no place for a status of its own, a line goes under each name.
  const NAMES =
    '#wp-ultimo-domain-mapping td, .wu-styling td, table.domains td.column-domain, td.column-domain';
  const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

  function elementOf(html) {
    const template = document.createElement('template');
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  async function ask(domains) {
    const answer = await fetch(settings.url, {
      method: 'POST',
      credentials: 'same-origin',
      body: new URLSearchParams({
        action: settings.action,
        nonce: settings.nonce,
        domains: domains.join(','),
      }),
    });
    const json = answer.ok ? await answer.json() : null;
    return json?.success ? json.data : {};
  }

  async function refresh() {
    const open = Array.from(document.querySelectorAll(SHOWN)).filter(
      (element) => element.dataset.runcloudRelayOpen === '1',
    );
    if (open.length === 0 || document.visibilityState === 'hidden') {
      return;
    }
    const statuses = await ask([...new Set(open.map((element) => element.dataset.runcloudRelayDomain))]);
    for (const element of open) {
      const html = statuses[element.dataset.runcloudRelayDomain];
      const fresh = html ? elementOf(html) : null;
      // A screen reader is told of changes only.
      if (fresh && fresh.innerHTML !== element.innerHTML) {
        element.innerHTML = fresh.innerHTML;
      }
      if (fresh) {
        element.dataset.runcloudRelayOpen = fresh.dataset.runcloudRelayOpen;
      }
    }
  }

  function namesWithoutStatus() {
    const found = new Map();
    for (const cell of document.querySelectorAll(NAMES)) {
      if (cell.querySelector(SHOWN)) {
        continue;
      }
      for (const element of cell.querySelectorAll('a, strong, span, div')) {
        const text = element.textContent.trim().toLowerCase();
        if (element.childElementCount === 0 && DOMAIN.test(text) && !found.has(text)) {
          found.set(text, element);
        }
      }
    }
    return found;
  }

  async function addLines() {
    const names = namesWithoutStatus();
    if (names.size === 0) {
      return;
    }
    const statuses = await ask([...names.keys()].slice(0, 50));
    for (const [domain, element] of names) {
      if (statuses[domain]) {
        (element.closest('strong') || element).after(elementOf(statuses[domain]));
      }
    }
  }

  async function keepUpToDate() {
    try {
      await refresh();
    } catch {
      // The next round may do better; what is shown stays.
    }
    window.setTimeout(keepUpToDate, INTERVAL_MS);
  }

  function start() {
    addLines()
      .catch(() => {})
      .then(keepUpToDate);
  }

  if (settings && document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', start);
  } else if (settings) {
    start();
  }
})(window.runcloudRelay);
