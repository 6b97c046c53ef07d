/** Uploads a file. `XMLHttpRequest` reports the progress, which `fetch` does not. */
import { t } from '@lingui/core/macro'
import { waitForSignIn } from '@/lib/sessionEnd'

export const largestFile = 256 * 1024 * 1024

const mediaTypes: Record<string, string> = {
  jsonl: 'application/jsonl',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  csv: 'text/csv',
}

export const acceptedNames = Object.keys(mediaTypes)
  .map((ending) => `.${ending}`)
  .join(',')

export type UploadOutcome = { id: string } | { problem: string }

/** Why a file is not worth sending; null if the server decides. */
export function problemOf(file: File): string | null {
  const ending = file.name.split('.').pop()?.toLowerCase() ?? ''
  if (!(ending in mediaTypes)) return t`Choose a JSON Lines file (.jsonl) or a CSV file (.csv).`
  if (file.size === 0) return t`The file is empty.`
  if (file.size > largestFile) {
    return t`A file has at most 256 MB. Split it, or import it on the server with "tenure import".`
  }
  return null
}

/** `onProgress` receives percent. If the session has ended, it is sent again after the sign-in. */
export async function upload(
  file: File,
  onProgress: (percent: number) => void,
): Promise<UploadOutcome> {
  const answer = await send(file, onProgress)
  if (answer.status === 401) {
    await waitForSignIn()
    return upload(file, onProgress)
  }
  if (answer.status === 201 && answer.body.id) return { id: answer.body.id }
  if (answer.status === 0) {
    return { problem: t`Can't reach Tenure. Check your connection and try again.` }
  }
  return { problem: answer.body.error ?? t`Something went wrong. Try again.` }
}

interface Answer {
  status: number
  body: { id?: string; error?: string }
}

function send(file: File, onProgress: (percent: number) => void): Promise<Answer> {
  const request = new XMLHttpRequest()
  const ending = file.name.split('.').pop()?.toLowerCase() ?? ''
  return new Promise((resolve) => {
    request.upload.onprogress = ({ loaded, total }) =>
      onProgress(Math.floor((loaded / total) * 100))
    request.onloadend = () => resolve({ status: request.status, body: request.response ?? {} })
    request.open('POST', `/imports?${new URLSearchParams({ name: file.name })}`)
    request.responseType = 'json'
    request.setRequestHeader('content-type', mediaTypes[ending] ?? 'application/octet-stream')
    request.send(file)
  })
}
