/**
 * The values of one control that are on their way to the URL. Navigation takes a moment, so that a
 * value can arrive after the next one was typed or chosen; the control must then keep the latter.
 */
export class SentValues {
  #underway: string[] = []
  #inUrl: string

  constructor(inUrl: string) {
    this.#inUrl = inUrl
  }

  /** Returns false if the URL has this value already, or will have it. */
  send(value: string): boolean {
    if (value === (this.#underway.at(-1) ?? this.#inUrl)) return false
    this.#underway.push(value)
    return true
  }

  /** Returns false if the control has not sent what the URL has now; it must then show it. */
  arrive(value: string): boolean {
    const index = this.#underway.indexOf(value)
    this.#inUrl = value
    this.#underway = index < 0 ? [] : this.#underway.slice(index + 1)
    return index >= 0
  }
}
