/** A password or secret, which is shown once, with a button that copies it. */
import { t } from '@lingui/core/macro'
import { ActionIcon, CopyButton, TextInput, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { Warning } from './Warning'

interface SecretProps {
  label: string
  /** What it is for. */
  hint: string
  secret: string
}

export function Secret({ label, hint, secret }: SecretProps) {
  return (
    <>
      <Warning title={t`Copy it now: it is not shown again`}>{hint}</Warning>
      <TextInput
        label={label}
        value={secret}
        readOnly
        data-autofocus
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onFocus={(event) => event.currentTarget.select()}
        rightSection={
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Tooltip label={copied ? t`Copied` : t`Copy`}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={28}
                  aria-label={copied ? t`Copied` : t`Copy`}
                  onClick={copy}
                >
                  {copied ? (
                    <IconCheck size={16} aria-hidden />
                  ) : (
                    <IconCopy size={16} aria-hidden />
                  )}
                </ActionIcon>
              </Tooltip>
            )}
          </CopyButton>
        }
      />
    </>
  )
}
