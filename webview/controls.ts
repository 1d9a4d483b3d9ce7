/** Form controls. The only module that knows the toolkit: a successor replaces it here. */
import {
  type Dropdown,
  provideVSCodeDesignSystem,
  type TextField,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeTextField(),
);

export function icon(name: string): TemplateResult {
  return html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`;
}

export interface ButtonOptions {
  readonly label: string;
  readonly icon?: string;
  readonly appearance?: 'primary' | 'secondary';
  readonly disabled?: boolean;
  readonly title?: string;
  onClick(): void;
}

export function button(options: ButtonOptions): TemplateResult {
  return html`<vscode-button
    appearance=${options.appearance ?? 'secondary'}
    ?disabled=${options.disabled ?? false}
    title=${options.title ?? nothing}
    @click=${options.onClick}
    >${options.label}${options.icon ? html`<span slot="start" class="codicon codicon-${options.icon}"></span>` : nothing}</vscode-button
  >`;
}

export interface IconButtonOptions {
  /** Its name, and its tooltip. */
  readonly label: string;
  readonly icon?: string;
  /** Shown where there is no icon. */
  readonly text?: string;
  readonly disabled?: boolean;
  /** Of a button that is on or off. */
  readonly pressed?: boolean;
  /** Of a button that opens something. */
  readonly expanded?: boolean;
  onClick(): void;
}

export function iconButton(options: IconButtonOptions): TemplateResult {
  return html`<vscode-button
    appearance="icon"
    class=${options.pressed ? 'pressed' : ''}
    aria-label=${options.label}
    title=${options.label}
    aria-pressed=${options.pressed ?? nothing}
    aria-expanded=${options.expanded ?? nothing}
    ?disabled=${options.disabled ?? false}
    @click=${options.onClick}
    >${options.icon ? icon(options.icon) : options.text}</vscode-button
  >`;
}

export interface DropdownOptions {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string;
  onChange(value: string): void;
}

/** Options are keyed by value and the value is set after them: the toolkit forgets a value that has no option yet. */
export function dropdown({ label, options, value, onChange }: DropdownOptions): TemplateResult {
  const change = (event: Event) => onChange((event.target as Dropdown).value);
  return html`<span class="field">
    <span class="field-label" aria-hidden="true">${label}</span>
    <vscode-dropdown aria-label=${label} @change=${change} .value=${live(value)}>
      ${repeat(
        options,
        (option) => option.value,
        (option) =>
          html`<vscode-option value=${option.value} ?selected=${option.value === value}>${option.label}</vscode-option>`,
      )}
    </vscode-dropdown>
  </span>`;
}

export interface TextFieldOptions {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  /** What is wrong with the value. */
  readonly mistake?: string;
  readonly id: string;
  onInput(value: string): void;
}

/** The label is the element's text too: once connected, the toolkit names the field by that and by nothing else. */
export function textField(options: TextFieldOptions): TemplateResult {
  const input = (event: Event) => options.onInput((event.target as TextField).value);
  return html`<vscode-text-field
    id=${options.id}
    class=${options.mistake ? 'invalid' : ''}
    aria-label=${options.mistake ? `${options.label}: ${options.mistake}` : options.label}
    placeholder=${options.placeholder ?? nothing}
    size="7"
    .value=${live(options.value)}
    @input=${input}
    >${options.label}</vscode-text-field
  >`;
}

export function checkbox(
  label: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
): TemplateResult {
  const change = (event: Event) => onChange((event.target as HTMLInputElement).checked);
  return html`<vscode-checkbox .checked=${live(checked)} @change=${change}>${label}</vscode-checkbox>`;
}
