type OutsideForms = typeof import('./outside-forms');

let loading: Promise<OutsideForms> | undefined;

/** The forms of what comes from outside, loaded when the first of it arrives: activation does not wait for them. */
export function outsideForms(): Promise<OutsideForms> {
  loading ??= import('./outside-forms');
  return loading;
}
