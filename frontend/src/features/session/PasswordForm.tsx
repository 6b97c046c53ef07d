import { t } from '@lingui/core/macro'
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { signIn } from '@/lib/auth'

interface PasswordFormProps {
  /** The address of the user who signs in again. */
  email?: string
  isSecondary: boolean
  onProblem: (problem: string | null) => void
  onSignedIn: (email: string) => void
}

export function PasswordForm({
  email = '',
  isSecondary,
  onProblem,
  onSignedIn,
}: PasswordFormProps) {
  const form = useForm({
    initialValues: { email, password: '' },
    validate: {
      email: isNotEmpty(t`Enter your e-mail address`),
      password: isNotEmpty(t`Enter your password`),
    },
  })

  async function submit(values: { email: string; password: string }) {
    onProblem(null)
    const address = values.email.trim()
    const outcome = await signIn(address, values.password)
    if (outcome.ok) return onSignedIn(address)
    onProblem(outcome.message)
    form.setFieldValue('password', '')
    form.getInputNode('password')?.focus()
  }

  const focusesEmail = !isSecondary && email === ''
  const focusesPassword = !isSecondary && email !== ''
  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack>
        <TextInput
          label={t`E-mail`}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          data-autofocus={focusesEmail || undefined}
          autoFocus={focusesEmail}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label={t`Password`}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus={focusesPassword || undefined}
          autoFocus={focusesPassword}
          visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }}
          {...form.getInputProps('password')}
        />
        <Button
          type="submit"
          variant={isSecondary ? 'default' : 'filled'}
          loading={form.submitting}
          fullWidth
        >
          {t`Sign in`}
        </Button>
      </Stack>
    </form>
  )
}
