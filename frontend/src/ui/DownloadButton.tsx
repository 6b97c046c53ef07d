/** Downloads a file of the server. If the session has ended, it waits for the sign-in. */
import { Button, type ButtonProps } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { MouseEvent, ReactNode } from 'react'
import { useClient } from 'urql'
import { errorMessage } from '@/lib/failure'
import { notifyOfProblem } from '@/lib/notify'
import { DownloadDocument } from './DownloadButton.generated'

interface DownloadButtonProps extends ButtonProps {
  href: string
  children: ReactNode
}

export function DownloadButton({ href, children, ...rest }: DownloadButtonProps) {
  const client = useClient()

  async function download(event: MouseEvent) {
    event.preventDefault()
    // The browser would not say why a download fails.
    const options = { requestPolicy: 'network-only' } as const
    const { error } = await client.query(DownloadDocument, {}, options).toPromise()
    if (error) return notifyOfProblem(errorMessage(error))
    const link = document.createElement('a')
    link.href = href
    link.download = ''
    link.click()
  }

  return (
    <Button
      component="a"
      href={href}
      download
      variant="default"
      leftSection={<IconDownload size={rest.size === 'xs' ? 14 : 16} aria-hidden />}
      {...rest}
      onClick={(event) => void download(event)}
    >
      {children}
    </Button>
  )
}
