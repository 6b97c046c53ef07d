/**
 * A value of the URL, for a control that chooses it: what was chosen shows at once, although the
 * navigation has not ended.
 */
import { useEffect, useEffectEvent, useState } from 'react'
import { SentValues } from './sentValues'

export function useSentValue<Value>(
  inUrl: Value,
  send: (value: Value) => void,
): [Value, (value: Value) => void] {
  const key = keyOf(inUrl)
  const [chosen, setChosen] = useState(inUrl)
  const [sent] = useState(() => new SentValues(key))
  const arrive = useEffectEvent(() => {
    if (!sent.arrive(key)) setChosen(inUrl)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it arrives once it has changed.
  useEffect(() => arrive(), [key])
  function choose(value: Value) {
    setChosen(value)
    if (sent.send(keyOf(value))) send(value)
  }
  return [chosen, choose]
}

function keyOf(value: unknown): string {
  return JSON.stringify(value) ?? ''
}
