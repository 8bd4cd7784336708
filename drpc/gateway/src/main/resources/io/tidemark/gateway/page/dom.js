// Small steps on the document. No text ever becomes markup here.

const SVG = "http://www.w3.org/2000/svg";

export function byId(id) {
  return document.getElementById(id);
}

/** An element with attributes and children (elements or texts). */
export function make(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

export function makeSvg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets a text only when it changes, so that nothing is drawn or spoken for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function setHidden(element, hidden) {
  if (element.hidden !== hidden) {
    element.hidden = hidden;
  }
}

/**
 * Makes the children of an element the rows of these keys, in this order: rows that stay are kept, so that the reader's
 * place and focus stay too.
 *
 * @param rows Map from key to element, kept by the caller between calls
 */
export function arrange(parent, rows, keys, makeRow) {
  const wanted = new Set(keys);
  for (const [key, row] of rows) {
    if (!wanted.has(key)) {
      row.remove();
      rows.delete(key);
    }
  }
  let before = parent.firstElementChild;
  for (const key of keys) {
    let row = rows.get(key);
    if (!row) {
      row = makeRow(key);
      rows.set(key, row);
    }
    if (row === before) {
      before = before.nextElementSibling;
    } else {
      parent.insertBefore(row, before);
    }
  }
}
