// @ts-check
import { html } from 'htm/preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

/**
 * @template T
 * @typedef {object} ComboboxProps
 * @property {string} label for those who do not see it
 * @property {string} placeholder
 * @property {string} value
 * @property {(value: string) => void} onValue as it is typed
 * @property {(value: string) => Promise<T[]>} suggest what to offer for it
 * @property {(option: T) => import('preact').ComponentChildren} show
 * @property {(option: T) => void} onPick
 * @property {(value: string) => void} onEnter with nothing picked
 * @property {string} [id]
 * @property {boolean} [autofocus]
 * @property {number} [maxLength]
 * @property {import('preact').ComponentChildren} [children] beside the field
 */

/**
 * A field that offers what fits what is typed (WAI-ARIA combobox with a list).
 * @template T
 * @param {ComboboxProps<T>} props
 */
export function Combobox({
  label,
  placeholder,
  value,
  onValue,
  suggest,
  show,
  onPick,
  onEnter,
  id,
  autofocus,
  maxLength = 500,
  children,
}) {
  const own = useId();
  const [options, setOptions] = useState(/** @type {T[]} */ ([]));
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const shown = open && options.length > 0;

  useEffect(() => {
    if (autofocus) input.current?.focus();
  }, []);
  useEffect(() => {
    if (!open) return;
    let current = true;
    const timer = setTimeout(() => {
      suggest(value.trim()).then(
        (found) => current && (setOptions(found), setAt(-1)),
        () => current && setOptions([]),
      );
    }, 120);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [value, open]);

  /** @param {T} option */
  function pick(option) {
    setOpen(false);
    setOptions([]);
    onPick(option);
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!shown) return setOpen(true);
      const places = options.length + 1;
      setAt(((at + 1 + (event.key === 'ArrowDown' ? 1 : -1) + places) % places) - 1);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const option = shown ? options[at] : undefined;
      if (option !== undefined) pick(option);
      else {
        setOpen(false);
        onEnter(value.trim());
      }
    } else if (event.key === 'Escape' && shown) {
      event.stopPropagation();
      setOpen(false);
    }
  }

  return html`<div class="combobox">
    <input
      ref=${input}
      id=${id ?? `${own}-input`}
      type="text"
      role="combobox"
      autocomplete="off"
      autocapitalize="none"
      spellcheck=${false}
      enterkeyhint="search"
      maxlength=${maxLength}
      aria-label=${label}
      aria-expanded=${shown}
      aria-controls=${`${own}-list`}
      aria-autocomplete="list"
      aria-activedescendant=${shown && at >= 0 ? `${own}-${at}` : undefined}
      placeholder=${placeholder}
      value=${value}
      onInput=${(/** @type {InputEvent} */ { currentTarget }) => {
        setOpen(true);
        onValue(/** @type {HTMLInputElement} */ (currentTarget).value);
      }}
      onFocus=${() => setOpen(true)}
      onBlur=${() => setOpen(false)}
      onKeyDown=${onKeyDown}
    />
    ${children}
    <ul id=${`${own}-list`} role="listbox" aria-label="Suggestions" class="suggestions" hidden=${!shown}>
      ${options.map(
        (option, index) =>
          html`<li
            key=${index}
            id=${`${own}-${index}`}
            role="option"
            aria-selected=${index === at}
            onPointerDown=${(/** @type {PointerEvent} */ event) => event.preventDefault()}
            onClick=${() => pick(option)}
          >
            ${show(option)}
          </li>`,
      )}
    </ul>
  </div>`;
}
