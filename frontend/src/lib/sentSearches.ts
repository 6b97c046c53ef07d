/**
 * The searches of one field that are on their way to the URL. Navigation takes a moment, so that a
 * search can arrive after the next one was typed; the field must then keep what was typed.
 */
export class SentSearches {
  #underway: string[] = []
  #inUrl: string

  constructor(inUrl: string) {
    this.#inUrl = inUrl
  }

  /** Returns false if the URL has this search already, or will have it. */
  send(search: string): boolean {
    if (search === (this.#underway.at(-1) ?? this.#inUrl)) return false
    this.#underway.push(search)
    return true
  }

  /** Returns false if the field has not sent what the URL has now; the field must then show it. */
  arrive(search: string): boolean {
    const index = this.#underway.indexOf(search)
    this.#inUrl = search
    this.#underway = index < 0 ? [] : this.#underway.slice(index + 1)
    return index >= 0
  }
}
