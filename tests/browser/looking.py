"""What a reader would see on a page, as data: scripts that run in the browser."""

# Text nodes with the colour they are drawn in and the ground behind them. Opacity counts; what is
# hidden does not; a figure is looked at through the colour of its ink.
CONTRASTS = """() => {
  const parse = (text) => {
    const numbers = (text.match(/[\\d.]+/g) || []).map(Number);
    if (text.startsWith('color(srgb')) {
      return [numbers[0] * 255, numbers[1] * 255, numbers[2] * 255, numbers[3] ?? 1];
    }
    return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
  };
  const over = (top, under) => {
    const a = top[3];
    return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a)).concat(1);
  };
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => {
      v /= 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    const page = document.documentElement.dataset.theme === 'dark' ? [18, 18, 18, 1]
      : [255, 255, 255, 1];
    return layers.reverse().reduce((under, top) => over(top, under), page);
  };
  const ratio = (element, colour) => {
    const under = ground(element);
    let opacity = 1;
    for (let e = element; e; e = e.parentElement) opacity *= +getComputedStyle(e).opacity;
    const ink = over([...colour.slice(0, 3), colour[3] * opacity], under);
    const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const leftOut = 'script, style, svg, mjx-container, .sr-only, a.headerlink';
  const found = [];
  const article = document.querySelector('article.bd-article, main.ld-explorer');
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || element.closest(leftOut)) continue;
    if (!element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
    found.push({
      text: text.slice(0, 60), kind: element.closest('pre') ? 'code' : 'text',
      ratio: ratio(element, parse(style.color)), wanted: large ? 3 : 4.5,
    });
  }
  for (const element of article.querySelectorAll('svg[role=img]:not([aria-hidden=true])')) {
    found.push({
      text: 'figure: ' + (element.getAttribute('aria-label') || '').slice(0, 50), kind: 'figure',
      ratio: ratio(element, parse(getComputedStyle(element).fill)), wanted: 4.5,
    });
  }
  return found;
}"""

LAYOUT = """() => ({
  page: document.documentElement.scrollWidth,
  window: window.innerWidth,
  wide: [...document.querySelectorAll('article *, main.ld-explorer *')].filter((e) => {
    const box = e.getBoundingClientRect();
    if (box.right <= window.innerWidth + 1 || !box.width) return false;
    for (let p = e.parentElement; p; p = p.parentElement) {
      if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(p).overflowX)) return false;
    }
    return true;
  }).slice(0, 5).map((e) => e.outerHTML.slice(0, 120)),
})"""

CONTENT = """() => {
  const article = document.querySelector('article.bd-article, main.ld-explorer');
  const text = (() => {
    const copy = article.cloneNode(true);
    copy.querySelectorAll('pre, code, script, mjx-container').forEach((e) => e.remove());
    return copy.textContent;
  })();
  return {
    headings: [...article.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((e) => +e.tagName[1]),
    formulas: article.querySelectorAll('.math').length,
    rendered: article.querySelectorAll('mjx-container').length,
    failed: article.querySelectorAll('mjx-merror').length,
    raw: (text.match(/\\$\\$|\\\\\\(|\\\\\\[|\\{verdict|\\{confirms|% generated/g) || []),
    unnamed: [...article.querySelectorAll('img, svg[role=img]:not([aria-hidden=true])')].filter(
      (e) => !(e.getAttribute('alt') || e.getAttribute('aria-label') || '').trim()
    ).map((e) => e.outerHTML.slice(0, 120)),
    bare: [...article.querySelectorAll('svg:not([role]):not(svg svg)')].filter(
      (e) => !e.closest('[aria-hidden=true], button, a')
    ).map((e) => e.outerHTML.slice(0, 120)),
    links: [...document.querySelectorAll('a[href]')].map((e) => e.href),
    anchors: [...document.querySelectorAll('[id]')].map((e) => e.id),
    errors: article.querySelectorAll('.output.traceback').length,
  };
}"""
