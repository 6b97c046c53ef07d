/** Sign-in by password or through the company. It returns to the requested page afterwards. */
import {
  Button,
  Center,
  Divider,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useState } from 'react'
import { signIn } from '@/lib/auth'
import { Problems } from '@/ui/FormDialog'
import { Logo } from '@/ui/Logo'

interface Props {
  byPassword: boolean
  /** The company's provider, and where a sign-in through it begins. */
  provider: { name: string; path: string } | null
  /** Why the last sign-in through the provider was refused. */
  reason: string | null
  onSignedIn: () => void
}

export function SignInPage({ byPassword, provider, reason, onSignedIn }: Props) {
  const [problem, setProblem] = useState(reason)
  return (
    <Center component="main" mih="100dvh" p="md">
      <title>Sign in · Tenure</title>
      <Paper p="xl" w="100%" maw={380} shadow="sm">
        <Group gap="xs" mb={4}>
          <Logo size={28} />
          <Title order={1}>Tenure</Title>
        </Group>
        <Text c="dimmed" size="sm" mb="lg">
          Sign in to Tenure
        </Text>
        <Stack>
          <Problems of={problem ? [problem] : []} />
          {provider && (
            <Button component="a" href={provider.path} fullWidth>
              Sign in with {provider.name}
            </Button>
          )}
          {provider && byPassword && <Divider label="or with a password" />}
          {byPassword && (
            <PasswordForm
              isSecondary={provider !== null}
              onProblem={setProblem}
              onSignedIn={onSignedIn}
            />
          )}
        </Stack>
      </Paper>
    </Center>
  )
}

interface PasswordFormProps {
  isSecondary: boolean
  onProblem: (problem: string | null) => void
  onSignedIn: () => void
}

function PasswordForm({ isSecondary, onProblem, onSignedIn }: PasswordFormProps) {
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: isNotEmpty('Enter your e-mail address'),
      password: isNotEmpty('Enter your password'),
    },
  })

  async function submit(values: { email: string; password: string }) {
    onProblem(null)
    const outcome = await signIn(values.email.trim(), values.password)
    if (outcome.ok) return onSignedIn()
    onProblem(outcome.message)
    form.setFieldValue('password', '')
    form.getInputNode('password')?.focus()
  }

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          data-autofocus={!isSecondary}
          autoFocus={!isSecondary}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          {...form.getInputProps('password')}
        />
        <Button
          type="submit"
          variant={isSecondary ? 'default' : 'filled'}
          loading={form.submitting}
          fullWidth
        >
          Sign in
        </Button>
      </Stack>
    </form>
  )
}
